-- Names may hold anything.
CREATE SCHEMA "Odd ""schema"".x";
CREATE TABLE "Odd ""schema"".x"."tä.ble ""1"" \" (
    "select" int, "dot.ted" text, "qu""ote" text, "ünï☃😀" text, "back\slash" text, U&"tab\0009 new\000Aline" text, " " text,
    PRIMARY KEY ("dot.ted", "select"));
-- capture
INSERT INTO "Odd ""schema"".x"."tä.ble ""1"" \" VALUES (1, 'k', 'q', 'u', 'b', 't', 's');
UPDATE "Odd ""schema"".x"."tä.ble ""1"" \" SET "qu""ote" = NULL;
DELETE FROM "Odd ""schema"".x"."tä.ble ""1"" \";
