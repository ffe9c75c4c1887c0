CREATE TABLE `alerts` (
	`endpoint_id` text PRIMARY KEY NOT NULL,
	`firing_since` integer,
	`notified_at` integer,
	`message` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`attempt_at` integer,
	`result` text,
	`result_at` integer,
	`is_gone` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE `schedules` (
	`endpoint_id` text NOT NULL,
	`name` text NOT NULL,
	`next_at` integer,
	`last_at` integer,
	`last_run_id` text,
	`busy_until` integer,
	PRIMARY KEY(`endpoint_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `schedules_next` ON `schedules` (`next_at`);