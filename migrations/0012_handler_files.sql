CREATE TABLE `handler_files` (
	`handler_id` text NOT NULL,
	`version` integer NOT NULL,
	`texts` blob NOT NULL,
	`map` blob NOT NULL,
	PRIMARY KEY(`handler_id`, `version`)
);
--> statement-breakpoint
ALTER TABLE `handler_versions` ADD `files` text;