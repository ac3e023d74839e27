-- The tally that migration 2 must make of before.sql.
CREATE TEMP TABLE expected_tally (entity, side, type, state, count);
INSERT INTO expected_tally VALUES (1, 0, 3, 0, 1), (1, 1, 1, 1, 1), (1, 1, 1, 2, 2), (1, 2, 2, 1, 1), (2, 1, 1, 0, 1);
