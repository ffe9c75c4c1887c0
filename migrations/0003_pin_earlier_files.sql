-- Nobody noted who names the files that runs have left so far, so they stay.
INSERT OR IGNORE INTO `pinned_blobs` (`key`)
SELECT 'files/' || `file`.`value` FROM `graph_node_runs`, json_each(`graph_node_runs`.`outputs`) AS `file`
UNION
SELECT 'files/' || `file`.`value` FROM `graph_node_runs`, json_each(`graph_node_runs`.`logs`) AS `file`;
--> statement-breakpoint
UPDATE `node_cache` SET `used_at` = `created_at`;
