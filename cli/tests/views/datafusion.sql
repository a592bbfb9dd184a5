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
  arrow_cast(CASE WHEN NOT COALESCE(((CASE WHEN arrow_typeof("source"."agreed") = 'Boolean' THEN TRY_CAST("source"."agreed" AS BOOLEAN) END) AND (CASE WHEN arrow_typeof("source"."years") IN ('Float16', 'Float32', 'Float64') THEN CASE WHEN TRY_CAST("source"."years" AS DOUBLE) > CAST('-Infinity' AS DOUBLE) AND TRY_CAST("source"."years" AS DOUBLE) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END WHEN arrow_typeof("source"."years") IN ('Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64') OR arrow_typeof("source"."years") LIKE 'Decimal%(%' THEN CASE WHEN TRY_CAST("source"."years" AS DECIMAL(38, 0)) BETWEEN -9007199254740992 AND 9007199254740992 THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END END)), FALSE) THEN NULL ELSE CASE WHEN COALESCE((CASE WHEN arrow_typeof("source"."minor") = 'Boolean' THEN TRY_CAST("source"."minor" AS BOOLEAN) END), TRUE) THEN CASE WHEN FALSE THEN "source"."email" END ELSE encode(sha256("source"."email"), 'hex') END END, 'Utf8') AS "email",
  -- person.birthday, always
  -- p.why:13: this permits it
  -- duty year, mask truncate-to-year
  -- duty tell, for the program to fulfil
  make_date(CAST(date_part('YEAR', "source"."born") AS INTEGER), 1, 1) AS "born",
  -- person.card, where region is eu
  -- p.why:14: this permits it if its condition holds
  -- duty last, mask show-last-4
  arrow_cast(CASE WHEN NOT COALESCE(CAST(CASE WHEN arrow_typeof("source"."region") IN ('Utf8', 'LargeUtf8', 'Utf8View') OR arrow_typeof("source"."region") LIKE 'Dictionary(%, %Utf8%)' THEN CASE WHEN TRY_CAST("source"."region" AS VARCHAR) IN ('eu') THEN 1 WHEN TRY_CAST("source"."region" AS VARCHAR) IN ('us') THEN 0 END END AS BOOLEAN), FALSE) THEN NULL ELSE (regexp_replace(regexp_replace(substr("source"."card", 1, greatest(char_length("source"."card") - 4, 0)), '[^0-9(),.@-]', 'x', 'g'), '[0-9]', 'n', 'g') || right("source"."card", 4)) END, 'Utf8') AS "card",
  -- person.region_of, always
  -- p.why:17: this permits it
  "source"."region" AS "region"
FROM "crm"."users" AS "source"
WHERE (((CASE WHEN arrow_typeof("source"."agreed") = 'Boolean' THEN TRY_CAST("source"."agreed" AS BOOLEAN) END) AND (CASE WHEN arrow_typeof("source"."years") IN ('Float16', 'Float32', 'Float64') THEN CASE WHEN TRY_CAST("source"."years" AS DOUBLE) > CAST('-Infinity' AS DOUBLE) AND TRY_CAST("source"."years" AS DOUBLE) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END WHEN arrow_typeof("source"."years") IN ('Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64') OR arrow_typeof("source"."years") LIKE 'Decimal%(%' THEN CASE WHEN TRY_CAST("source"."years" AS DECIMAL(38, 0)) BETWEEN -9007199254740992 AND 9007199254740992 THEN TRY_CAST("source"."years" AS DOUBLE) >= 18 END END)) AND CAST(CASE WHEN arrow_typeof("source"."region") IN ('Utf8', 'LargeUtf8', 'Utf8View') OR arrow_typeof("source"."region") LIKE 'Dictionary(%, %Utf8%)' THEN CASE WHEN TRY_CAST("source"."region" AS VARCHAR) IN ('eu') THEN 1 WHEN TRY_CAST("source"."region" AS VARCHAR) IN ('us') THEN 0 END END AS BOOLEAN));
