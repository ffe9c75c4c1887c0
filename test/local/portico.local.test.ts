import { afterAll } from 'vitest';
import { backupsAreRestored, nothingIsBackedUp } from './portico/backup.suite.ts';
import { devPushesWhatIsSaved } from './portico/dev.suite.ts';
import { exportsAreImported } from './portico/export.suite.ts';
import { pushesAreGuarded } from './portico/guards.suite.ts';
import { pullTakesChanges } from './portico/pull.suite.ts';
import { pushesAreServed } from './portico/push.suite.ts';
import { commandsReadTheService } from './portico/read.suite.ts';
import { signInIsHeld } from './portico/sign-in.suite.ts';
import { startShop } from './support/shop.ts';

/*
 * The command as a user types it, against one started service: every run is a process of its own. The suites follow each other: they share
 * the service, and the project that the first push makes.
 */

const shop = await startShop();
afterAll(shop.stop);

nothingIsBackedUp(shop);
pushesAreServed(shop);
pullTakesChanges(shop);
commandsReadTheService(shop);
exportsAreImported(shop);
devPushesWhatIsSaved(shop);
pushesAreGuarded(shop);
signInIsHeld(shop);
backupsAreRestored(shop);
