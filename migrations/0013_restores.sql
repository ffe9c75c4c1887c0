CREATE TABLE `restores` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`started_by` text NOT NULL,
	`backup` text NOT NULL,
	`incarnation` integer,
	`finished_at` integer,
	`report` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `restores_incarnation` ON `restores` (`incarnation`);