CREATE TABLE `sign_in_providers` (
	`name` text PRIMARY KEY NOT NULL,
	`active` integer NOT NULL,
	`settings` text NOT NULL,
	`secret` text,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `user_identities` (
	`provider` text NOT NULL,
	`subject` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`provider`, `subject`)
);
--> statement-breakpoint
CREATE INDEX `user_identities_user` ON `user_identities` (`user_id`);--> statement-breakpoint
ALTER TABLE `schedules` ADD `waiting_at` integer;--> statement-breakpoint
ALTER TABLE `schedules` ADD `waiting_due` integer;--> statement-breakpoint
ALTER TABLE `schedules` ADD `waiting_attempt` integer;--> statement-breakpoint
CREATE INDEX `schedules_waiting` ON `schedules` (`waiting_at`);