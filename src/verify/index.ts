import type { Check } from './check.ts';
import { accounts } from './checks/accounts.ts';
import { artifact } from './checks/artifact.ts';
import { drift } from './checks/drift.ts';
import { images } from './checks/images.ts';
import { lock } from './checks/lock.ts';
import { logs } from './checks/logs.ts';
import { network } from './checks/network.ts';
import { roles } from './checks/roles.ts';
import { rules } from './checks/rules.ts';
import { secrets } from './checks/secrets.ts';
import { service } from './checks/service.ts';
import { tables } from './checks/tables.ts';
import { targetGroups } from './checks/target-groups.ts';

/** Everything that is looked at, in the order in which it is told. All run at once. */
export const CHECKS: readonly Check[] = [
  accounts,
  tables,
  lock,
  artifact,
  images,
  secrets,
  roles,
  logs,
  network,
  targetGroups,
  rules,
  service,
  drift,
];
