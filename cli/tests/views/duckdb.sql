-- What `users` shows for research.
-- policy shop, version 3, digest dddc14c6170941c3016b782c6282506229f7b73277a397109c4b2534d0c3e207
-- `note` is left out:
  -- person.note, never
  -- p.why:18: this forbids it
CREATE OR REPLACE VIEW "users_for_research" AS
SELECT
  -- person.email, where consent and age >= 18
  -- p.why:11: this permits it if its condition holds, because the contract says -- so */
  -- duty hash, mask sha-256-global
  -- duty hide, mask replace-with-null, but where this is no: minor
  CASE WHEN ((CASE WHEN typeof("source"."agreed") = 'BOOLEAN' THEN TRY_CAST("source"."agreed" AS BOOLEAN) END) AND (CASE WHEN typeof("source"."years") IN ('FLOAT', 'DOUBLE') THEN CASE WHEN TRY_CAST("source"."years" AS DOUBLE) > CAST('-Infinity' AS DOUBLE) AND TRY_CAST("source"."years" AS DOUBLE) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END WHEN typeof("source"."years") IN ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT') OR typeof("source"."years") LIKE 'DECIMAL(%' THEN CASE WHEN TRY_CAST("source"."years" AS HUGEINT) BETWEEN -9007199254740992 AND 9007199254740992 THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END END)) THEN CASE WHEN COALESCE((CASE WHEN typeof("source"."minor") = 'BOOLEAN' THEN TRY_CAST("source"."minor" AS BOOLEAN) END), TRUE) THEN CASE WHEN FALSE THEN "source"."email" END ELSE sha256("source"."email") END END AS "email",
  -- person.birthday, always
  -- p.why:13: this permits it
  -- duty year, mask truncate-to-year
  -- duty tell, for the program to fulfil
  CAST(date_trunc('YEAR', "source"."born") AS DATE) AS "born",
  -- person.card, where region is eu
  -- p.why:14: this permits it if its condition holds
  -- duty last, mask show-last-4
  CASE WHEN (CASE WHEN typeof("source"."region") = 'VARCHAR' OR typeof("source"."region") LIKE 'ENUM(%' THEN CASE WHEN encode(CAST("source"."region" AS VARCHAR)) IN (encode('eu')) THEN TRUE WHEN encode(CAST("source"."region" AS VARCHAR)) IN (encode('us')) THEN FALSE END END) THEN (regexp_replace(regexp_replace(substr("source"."card", 1, greatest(length("source"."card") - 4, 0)), '[^0-9(),.@-]', 'x', 'g'), '[0-9]', 'n', 'g') || right("source"."card", 4)) END AS "card",
  -- person.region_of, always
  -- p.why:17: this permits it
  "source"."region" AS "region"
FROM "crm"."users" AS "source"
WHERE (((CASE WHEN typeof("source"."agreed") = 'BOOLEAN' THEN TRY_CAST("source"."agreed" AS BOOLEAN) END) AND (CASE WHEN typeof("source"."years") IN ('FLOAT', 'DOUBLE') THEN CASE WHEN TRY_CAST("source"."years" AS DOUBLE) > CAST('-Infinity' AS DOUBLE) AND TRY_CAST("source"."years" AS DOUBLE) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END WHEN typeof("source"."years") IN ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT') OR typeof("source"."years") LIKE 'DECIMAL(%' THEN CASE WHEN TRY_CAST("source"."years" AS HUGEINT) BETWEEN -9007199254740992 AND 9007199254740992 THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END END)) AND (CASE WHEN typeof("source"."region") = 'VARCHAR' OR typeof("source"."region") LIKE 'ENUM(%' THEN CASE WHEN encode(CAST("source"."region" AS VARCHAR)) IN (encode('eu')) THEN TRUE WHEN encode(CAST("source"."region" AS VARCHAR)) IN (encode('us')) THEN FALSE END END));
