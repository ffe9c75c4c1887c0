ALTER TABLE `sessions` ADD `holder` text DEFAULT 'program' NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `address` text DEFAULT '' NOT NULL;