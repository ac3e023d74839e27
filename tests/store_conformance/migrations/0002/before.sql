-- Made-up rows of a file at schema 1, as its program would have left them.
INSERT INTO entity (id, name) VALUES (1, 'acme'), (2, 'globex');
INSERT INTO word (id, text) VALUES (1, 'deal'), (2, 'invoice'), (3, 'invoices'), (4, 'Invoice');
INSERT INTO link (entity, id, type, created_at, how) VALUES (1, 1, 3, 1772000000000, 'created by plan-7f3a09');
INSERT INTO record (entity, id, side, type, state, dirty, deleted, agreed, link, modified_at, first_seen_at, observed_at,
                    vendor_id, version, reason_code, reason, digest, body)
VALUES
  (1, 1, 1, 1, 1, 0, 0, 1, 1,    1772000000000, 1772000000000, 1772000000000, '9120', 'v1', NULL, NULL, zeroblob(16), x'6f6e65'),
  (1, 2, 2, 2, 1, 0, 0, 1, 1,    1772000000000, 1772000000000, 1772000000000, '1001', '0',  NULL, NULL, zeroblob(16), x'6f6e65'),
  (1, 3, 1, 1, 2, 0, 0, 0, NULL, 1772000000000, 1772000000000, 1772000000000, '9133', 'v1', 'deal.lines.none', 'no lines', zeroblob(16), x''),
  (1, 4, 1, 1, 2, 0, 0, 0, NULL, 1772000000000, 1772000000000, 1772000000000, '9134', 'v1', 'deal.lines.none', 'no lines', zeroblob(16), x''),
  (2, 5, 1, 1, 0, 1, 0, 0, NULL, 1772000000000, 1772000000000, 1772000000000, '9120', 'v1', NULL, NULL, zeroblob(16), x'74776f');
INSERT INTO intent (entity, id, state, attempts, side, type, object, kind, source, link, created_at, finished_at, key, body)
VALUES (1, 1, 2, 1, 2, 2, 4, 0, 1, 1, 1772000000000, 1772000000001, 'inv-9120-1', x'7b7d');
INSERT INTO setting (entity, name, value) VALUES (1, 'cursor.crm', 'page 3');
