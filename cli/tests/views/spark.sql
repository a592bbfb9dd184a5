-- What `users` shows for research.
-- policy shop, version 3, digest dddc14c6170941c3016b782c6282506229f7b73277a397109c4b2534d0c3e207
-- `note` is left out:
  -- person.note, never
  -- p.why:18: this forbids it
CREATE OR REPLACE VIEW `users_for_research` AS
SELECT
  -- person.email, where consent and age >= 18
  -- p.why:11: this permits it if its condition holds, because the contract says -- so */
  -- duty hash, mask sha-256-global
  -- duty hide, mask replace-with-null, but where this is no: minor
  CASE WHEN NOT COALESCE(((CASE WHEN typeof(`source`.`agreed`) = 'boolean' THEN CAST(`source`.`agreed` AS BOOLEAN) END) AND (CASE WHEN typeof(`source`.`years`) IN ('float', 'double') THEN CASE WHEN CAST(`source`.`years` AS DOUBLE) > CAST('-Infinity' AS DOUBLE) AND CAST(`source`.`years` AS DOUBLE) < CAST('Infinity' AS DOUBLE) THEN CAST(`source`.`years` AS DOUBLE) >= 18 END WHEN typeof(`source`.`years`) IN ('tinyint', 'smallint', 'int', 'bigint') OR typeof(`source`.`years`) LIKE 'decimal(%' THEN CASE WHEN `source`.`years` BETWEEN -9007199254740992 AND 9007199254740992 THEN CAST(`source`.`years` AS DOUBLE) >= 18 END END)), FALSE) THEN NULL ELSE CASE WHEN COALESCE((CASE WHEN typeof(`source`.`minor`) = 'boolean' THEN CAST(`source`.`minor` AS BOOLEAN) END), TRUE) THEN CASE WHEN FALSE THEN `source`.`email` END ELSE sha2(CAST(`source`.`email` AS BINARY), 256) END END AS `email`,
  -- person.birthday, always
  -- p.why:13: this permits it
  -- duty year, mask truncate-to-year
  -- duty tell, for the program to fulfil
  trunc(`source`.`born`, 'YEAR') AS `born`,
  -- person.card, where region is eu
  -- p.why:14: this permits it if its condition holds
  -- duty last, mask show-last-4
  CASE WHEN NOT COALESCE((CASE WHEN typeof(`source`.`region`) LIKE 'string%' THEN CASE WHEN CAST(CAST(`source`.`region` AS STRING) AS BINARY) IN (CAST('eu' AS BINARY)) THEN TRUE WHEN CAST(CAST(`source`.`region` AS STRING) AS BINARY) IN (CAST('us' AS BINARY)) THEN FALSE END END), FALSE) THEN NULL ELSE concat(regexp_replace(regexp_replace(substr(`source`.`card`, 1, greatest(length(`source`.`card`) - 4, 0)), '[^0-9(),.@-]', 'x'), '[0-9]', 'n'), right(`source`.`card`, 4)) END AS `card`,
  -- person.region_of, always
  -- p.why:17: this permits it
  `source`.`region` AS `region`
FROM `crm`.`users` AS `source`
WHERE (((CASE WHEN typeof(`source`.`agreed`) = 'boolean' THEN CAST(`source`.`agreed` AS BOOLEAN) END) AND (CASE WHEN typeof(`source`.`years`) IN ('float', 'double') THEN CASE WHEN CAST(`source`.`years` AS DOUBLE) > CAST('-Infinity' AS DOUBLE) AND CAST(`source`.`years` AS DOUBLE) < CAST('Infinity' AS DOUBLE) THEN CAST(`source`.`years` AS DOUBLE) >= 18 END WHEN typeof(`source`.`years`) IN ('tinyint', 'smallint', 'int', 'bigint') OR typeof(`source`.`years`) LIKE 'decimal(%' THEN CASE WHEN `source`.`years` BETWEEN -9007199254740992 AND 9007199254740992 THEN CAST(`source`.`years` AS DOUBLE) >= 18 END END)) AND (CASE WHEN typeof(`source`.`region`) LIKE 'string%' THEN CASE WHEN CAST(CAST(`source`.`region` AS STRING) AS BINARY) IN (CAST('eu' AS BINARY)) THEN TRUE WHEN CAST(CAST(`source`.`region` AS STRING) AS BINARY) IN (CAST('us' AS BINARY)) THEN FALSE END END));
