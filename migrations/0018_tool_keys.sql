ALTER TABLE `endpoints` ADD `tool_key` text;--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_tool` ON `endpoints` (`tool_key`);