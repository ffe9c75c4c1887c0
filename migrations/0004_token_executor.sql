ALTER TABLE `tokens` ADD `executor_id` text;--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actor_id`,`at`,`id`);