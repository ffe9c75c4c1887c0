CREATE TABLE `project_objects` (
	`project` text NOT NULL,
	`kind` text NOT NULL,
	`identity` text NOT NULL,
	`object_id` text NOT NULL,
	`sha256` text NOT NULL,
	`document` text NOT NULL,
	`at` integer,
	PRIMARY KEY(`project`, `kind`, `identity`)
);
--> statement-breakpoint
CREATE TABLE `projects` (
	`name` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL,
	`last_commit` text,
	`pushed_at` integer,
	`pushed_by` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `uploads` (
	`sha256` text PRIMARY KEY NOT NULL,
	`bytes` integer NOT NULL,
	`uploaded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `uploads_uploaded` ON `uploads` (`uploaded_at`);