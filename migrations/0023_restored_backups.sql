ALTER TABLE `restores` ADD `backup_at` integer;--> statement-breakpoint
CREATE INDEX `restores_finished` ON `restores` (`finished_at`,`backup_at`);