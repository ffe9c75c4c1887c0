CREATE TABLE `discarded_blobs` (
	`key` text PRIMARY KEY NOT NULL,
	`graph_id` text,
	`node_id` text,
	`check_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `discarded_blobs_due` ON `discarded_blobs` (`check_at`);--> statement-breakpoint
CREATE TABLE `pinned_blobs` (
	`key` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE `graph_node_runs` ADD `source_graph_id` text;--> statement-breakpoint
ALTER TABLE `graph_node_runs` ADD `source_node_id` text;--> statement-breakpoint
CREATE INDEX `graph_node_runs_source` ON `graph_node_runs` (`source_graph_id`,`source_node_id`) WHERE source_graph_id is not null;--> statement-breakpoint
ALTER TABLE `node_cache` ADD `used_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `node_cache_run` ON `node_cache` (`graph_id`,`node_id`);--> statement-breakpoint
CREATE INDEX `node_cache_used` ON `node_cache` (`used_at`);--> statement-breakpoint
CREATE INDEX `graphs_of_calls` ON `graphs` (`created_at`) WHERE endpoint_id is not null;