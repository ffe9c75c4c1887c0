CREATE TABLE `package_sets` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`requirements` text NOT NULL,
	`preload` text NOT NULL,
	`entry` text NOT NULL,
	`snapshots` text NOT NULL,
	`retired_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `package_sets_name` ON `package_sets` (`name`) WHERE "package_sets"."retired_at" is null;--> statement-breakpoint
CREATE INDEX `package_sets_retired` ON `package_sets` (`retired_at`);--> statement-breakpoint
CREATE TABLE `package_wheels` (
	`sha256` text PRIMARY KEY NOT NULL,
	`file` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`requires` text NOT NULL,
	`bytes` integer NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `package_wheels_file` ON `package_wheels` (`file`);