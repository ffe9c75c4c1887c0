CREATE TABLE `endpoint_routes` (
	`shape` text NOT NULL,
	`method` text NOT NULL,
	`endpoint_id` text NOT NULL,
	`root` text NOT NULL,
	PRIMARY KEY(`shape`, `method`)
);
--> statement-breakpoint
CREATE INDEX `endpoint_routes_root` ON `endpoint_routes` (`root`,`endpoint_id`);--> statement-breakpoint
CREATE INDEX `endpoint_routes_endpoint` ON `endpoint_routes` (`endpoint_id`);--> statement-breakpoint
DROP INDEX `endpoints_path`;--> statement-breakpoint
CREATE INDEX `endpoints_path` ON `endpoints` (`path`);--> statement-breakpoint
INSERT OR IGNORE INTO `endpoint_routes` (`shape`, `method`, `endpoint_id`, `root`)
	SELECT lower(`endpoints`.`path`), `json_each`.`value`, `endpoints`.`id`, `endpoints`.`path` FROM `endpoints`, json_each(`endpoints`.`rules`, '$.methods') ORDER BY `endpoints`.`created_at`;--> statement-breakpoint
-- Endpoints whose paths differ from another in case only, from before that was refused: they keep their calls.
INSERT OR IGNORE INTO `endpoint_routes` (`shape`, `method`, `endpoint_id`, `root`)
	SELECT `endpoints`.`path`, `json_each`.`value`, `endpoints`.`id`, `endpoints`.`path` FROM `endpoints`, json_each(`endpoints`.`rules`, '$.methods')
	WHERE NOT EXISTS (SELECT 1 FROM `endpoint_routes` WHERE `endpoint_id` = `endpoints`.`id` AND `method` = `json_each`.`value`);
