DROP INDEX `runs_outcome`;--> statement-breakpoint
CREATE INDEX `runs_outcome` ON `runs` (`outcome`,`started_at`,`id`) WHERE outcome <> 'success';