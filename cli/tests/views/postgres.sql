-- What `users` shows for research.
-- policy shop, version 3, digest dddc14c6170941c3016b782c6282506229f7b73277a397109c4b2534d0c3e207
-- `note` is left out:
  -- person.note, never
  -- p.why:18: this forbids it
CREATE OR REPLACE VIEW "users_for_research" WITH (security_barrier) AS
SELECT
  -- person.email, where consent and age >= 18
  -- p.why:11: this permits it if its condition holds, because the contract says -- so */
  -- duty hash, mask sha-256-global
  -- duty hide, mask replace-with-null, but where this is no: minor
  CASE WHEN (("source"."agreed" = TRUE) AND (CASE WHEN pg_typeof("source"."years") IN (CAST('real' AS REGTYPE), CAST('double precision' AS REGTYPE)) THEN CASE WHEN ("source"."years" + CAST(0 AS DOUBLE PRECISION)) > CAST('-Infinity' AS DOUBLE PRECISION) AND ("source"."years" + CAST(0 AS DOUBLE PRECISION)) < CAST('Infinity' AS DOUBLE PRECISION) THEN ("source"."years" + CAST(0 AS DOUBLE PRECISION)) >= 18 END ELSE CASE WHEN "source"."years" BETWEEN -9007199254740992 AND 9007199254740992 THEN ("source"."years" + CAST(0 AS DOUBLE PRECISION)) >= 18 END END)) THEN CASE WHEN COALESCE(("source"."minor" = TRUE), TRUE) THEN CASE WHEN FALSE THEN "source"."email" END ELSE encode(sha256(convert_to(CAST("source"."email" AS TEXT), 'UTF8')), 'hex') END END AS "email",
  -- person.birthday, always
  -- p.why:13: this permits it
  -- duty year, mask truncate-to-year
  -- duty tell, for the program to fulfil
  CAST(date_trunc('YEAR', CAST("source"."born" AS TIMESTAMP)) AS DATE) AS "born",
  -- person.card, where region is eu
  -- p.why:14: this permits it if its condition holds
  -- duty last, mask show-last-4
  CASE WHEN (CASE WHEN pg_typeof("source"."region") IN (CAST('text' AS REGTYPE), CAST('varchar' AS REGTYPE), CAST('bpchar' AS REGTYPE)) OR CAST(pg_typeof("source"."region") AS OID) IN (SELECT oid FROM pg_catalog.pg_type WHERE typcategory IN ('S', 'E')) THEN CASE WHEN CAST("source"."region" AS TEXT) COLLATE "C" IN ('eu') THEN TRUE WHEN CAST("source"."region" AS TEXT) COLLATE "C" IN ('us') THEN FALSE END END) THEN (regexp_replace(regexp_replace(substr(CAST("source"."card" AS TEXT) COLLATE "C", 1, greatest(char_length(CAST("source"."card" AS TEXT) COLLATE "C") - 4, 0)), '[^0-9(),.@-]', 'x', 'g'), '[0-9]', 'n', 'g') || right(CAST("source"."card" AS TEXT) COLLATE "C", 4)) END AS "card",
  -- person.region_of, always
  -- p.why:17: this permits it
  "source"."region" AS "region"
FROM "crm"."users" AS "source"
WHERE ((("source"."agreed" = TRUE) AND (CASE WHEN pg_typeof("source"."years") IN (CAST('real' AS REGTYPE), CAST('double precision' AS REGTYPE)) THEN CASE WHEN ("source"."years" + CAST(0 AS DOUBLE PRECISION)) > CAST('-Infinity' AS DOUBLE PRECISION) AND ("source"."years" + CAST(0 AS DOUBLE PRECISION)) < CAST('Infinity' AS DOUBLE PRECISION) THEN ("source"."years" + CAST(0 AS DOUBLE PRECISION)) >= 18 END ELSE CASE WHEN "source"."years" BETWEEN -9007199254740992 AND 9007199254740992 THEN ("source"."years" + CAST(0 AS DOUBLE PRECISION)) >= 18 END END)) AND (CASE WHEN pg_typeof("source"."region") IN (CAST('text' AS REGTYPE), CAST('varchar' AS REGTYPE), CAST('bpchar' AS REGTYPE)) OR CAST(pg_typeof("source"."region") AS OID) IN (SELECT oid FROM pg_catalog.pg_type WHERE typcategory IN ('S', 'E')) THEN CASE WHEN CAST("source"."region" AS TEXT) COLLATE "C" IN ('eu') THEN TRUE WHEN CAST("source"."region" AS TEXT) COLLATE "C" IN ('us') THEN FALSE END END));
