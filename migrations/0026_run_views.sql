CREATE TABLE `run_views` (
	`user_id` text PRIMARY KEY NOT NULL,
	`items` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at` integer NOT NULL
);
