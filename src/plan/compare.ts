import type { JsonObject } from '../config/json.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { maskSecrets } from '../templates/mask-secrets.ts';
import { containersOf, type Definition } from './definition.ts';
import { type Difference, differencesOf, type Masked } from './diff.ts';
import { normalDefinition } from './normalise.ts';
import type { Network } from './ports.ts';

/** How the definition that serves and another one differ, secrets hidden. */
export function compareDefinitions(
  before: Definition,
  after: Definition,
  plan: DeployPlan,
): Difference[] {
  return differencesOf(masked(before, []), masked(after, plan.references, plan.app));
}

/** What is known to be secret, by what templates name or by what something is called. */
function masked(definition: Definition, references: DeployPlan['references'], app = ''): Masked {
  const containers = maskSecrets(
    [...containersOf(definition)],
    ['Apps', app, 'ContainerDefinitionTemplates'],
    references,
  );
  const hidden: JsonObject = { ...definition, containerDefinitions: containers };
  return { plain: normalDefinition(definition), masked: normalDefinition(hidden) };
}

/** How what a task set has beside its definition would differ. */
export function compareNetworks(before: Network, plan: DeployPlan): Difference[] {
  const { assignPublicIp, container, securityGroups, subnets } = plan;
  return [
    ...compareTexts('network.subnets', inOrder(before.subnets), inOrder(subnets)),
    ...compareTexts(
      'network.securityGroups',
      inOrder(before.securityGroups),
      inOrder(securityGroups),
    ),
    ...compareTexts(
      'network.assignPublicIp',
      String(before.assignPublicIp),
      String(assignPublicIp),
    ),
    ...compareTexts(
      'loadBalancer.container',
      inOrder(before.servedBy),
      `${container.name}:${container.containerPort}`,
    ),
  ];
}

function compareTexts(path: string, before: string, after: string): Difference[] {
  if (before === after) return [];
  if (before === '') return [{ kind: 'added', path, after }];
  return after === ''
    ? [{ kind: 'removed', path, before }]
    : [{ kind: 'changed', path, before, after }];
}

function inOrder(names: readonly string[]): string {
  return [...names].sort().join(', ');
}
