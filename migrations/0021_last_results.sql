ALTER TABLE `alerts` ADD `attempted` text;--> statement-breakpoint
ALTER TABLE `schedules` ADD `last_status` integer;