ALTER TABLE `keys` ADD `scopes` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `roles` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `addresses` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `quota` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_hash` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_until` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_used_at` integer;--> statement-breakpoint
CREATE INDEX `keys_previous` ON `keys` (`previous_hash`);