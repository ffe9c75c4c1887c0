-- Requests that were cut off before answers were written together with changes: their keys are free.
DELETE FROM `idempotency` WHERE `status` IS NULL;
