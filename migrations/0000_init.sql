CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`object` text NOT NULL,
	`object_id` text NOT NULL,
	`request_id` text NOT NULL,
	`changes` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_object` ON `audit` (`object`,`object_id`,`at`);--> statement-breakpoint
CREATE TABLE `endpoint_keys` (
	`endpoint_id` text NOT NULL,
	`key_id` text NOT NULL,
	PRIMARY KEY(`endpoint_id`, `key_id`)
);
--> statement-breakpoint
CREATE INDEX `endpoint_keys_key` ON `endpoint_keys` (`key_id`);--> statement-breakpoint
CREATE TABLE `endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`path` text NOT NULL,
	`title` text NOT NULL,
	`description` text NOT NULL,
	`folder` text NOT NULL,
	`handler_id` text NOT NULL,
	`handler_version` integer,
	`active` integer NOT NULL,
	`instance` text NOT NULL,
	`executor_id` text NOT NULL,
	`access_level` text NOT NULL,
	`log` text NOT NULL,
	`rules` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_path` ON `endpoints` (`path`);--> statement-breakpoint
CREATE INDEX `endpoints_handler` ON `endpoints` (`handler_id`);--> statement-breakpoint
CREATE INDEX `endpoints_executor` ON `endpoints` (`executor_id`);--> statement-breakpoint
CREATE INDEX `endpoints_created` ON `endpoints` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `handler_versions` (
	`handler_id` text NOT NULL,
	`version` integer NOT NULL,
	`source` text NOT NULL,
	`artifact` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	PRIMARY KEY(`handler_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `handlers` (
	`id` text PRIMARY KEY NOT NULL,
	`path` text NOT NULL,
	`language` text NOT NULL,
	`default_version` integer,
	`latest_version` integer NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `handlers_path` ON `handlers` (`path`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`actor_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`actor_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_created` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`alias` text NOT NULL,
	`hash` text NOT NULL,
	`prefix` text,
	`active` integer NOT NULL,
	`expires_at` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`revoked_at` integer,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash` ON `keys` (`hash`);--> statement-breakpoint
CREATE INDEX `keys_created` ON `keys` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `roles` (
	`name` text PRIMARY KEY NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`endpoint_id` text NOT NULL,
	`handler_version` integer,
	`kind` text NOT NULL,
	`outcome` text NOT NULL,
	`status` integer,
	`started_at` integer NOT NULL,
	`duration_ms` integer,
	`caller_kind` text NOT NULL,
	`caller_id` text,
	`executor_id` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `runs_started` ON `runs` (`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `runs_endpoint` ON `runs` (`endpoint_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `runs_outcome` ON `runs` (`outcome`,`started_at`,`id`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`name` text PRIMARY KEY NOT NULL,
	`description` text NOT NULL,
	`roles` text NOT NULL,
	`version` integer NOT NULL,
	`iv` text NOT NULL,
	`ciphertext` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`refresh_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`refreshed_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `tables` (
	`id` text PRIMARY KEY NOT NULL,
	`schema` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`id_type` text NOT NULL,
	`columns` text NOT NULL,
	`read` text NOT NULL,
	`write` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tables_name` ON `tables` (`schema`,`name`);--> statement-breakpoint
CREATE INDEX `tables_created` ON `tables` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`password_hash` text NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	`roles` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_name` ON `users` (lower("name"));--> statement-breakpoint
CREATE TABLE `graph_node_runs` (
	`graph_id` text NOT NULL,
	`node_id` text NOT NULL,
	`status` text NOT NULL,
	`outputs` text NOT NULL,
	`logs` text NOT NULL,
	`cache_url` text DEFAULT '' NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`graph_id`, `node_id`)
);
--> statement-breakpoint
CREATE INDEX `graph_node_runs_status` ON `graph_node_runs` (`status`,`started_at`);--> statement-breakpoint
CREATE TABLE `graphs` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`title` text NOT NULL,
	`description` text NOT NULL,
	`words` text NOT NULL,
	`status` text NOT NULL,
	`document_key` text NOT NULL,
	`endpoint_id` text,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `graphs_created` ON `graphs` (`created_at`);--> statement-breakpoint
CREATE INDEX `graphs_owner` ON `graphs` (`owner_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `graphs_status` ON `graphs` (`status`,`created_at`);--> statement-breakpoint
CREATE TABLE `node_cache` (
	`hash` text PRIMARY KEY NOT NULL,
	`graph_id` text NOT NULL,
	`node_id` text NOT NULL,
	`outputs` text NOT NULL,
	`logs` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `nodes` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`base` text NOT NULL,
	`status` text NOT NULL,
	`starred` integer NOT NULL,
	`title` text NOT NULL,
	`description` text NOT NULL,
	`words` text NOT NULL,
	`doc` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `nodes_created` ON `nodes` (`created_at`);--> statement-breakpoint
CREATE INDEX `nodes_owner` ON `nodes` (`owner_id`,`created_at`);