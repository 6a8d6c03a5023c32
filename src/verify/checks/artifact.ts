import { type Artifact, tagOf } from '../../artifactdb/artifact.ts';
import type { ShaMatch } from '../../artifactdb/find-by-sha.ts';
import { askGate, type Gate, gateOf } from '../../deploy/gate.ts';
import { DeployError } from '../../errors.ts';
import type { Check } from '../check.ts';
import type { ChosenArtifact, Facts } from '../facts.ts';
import { type Finding, ok, problem, unknown, warning } from '../finding.ts';
import { all, lookedAt } from '../unread.ts';

/** There is something to deploy, its templates render, and the gate is open to it. */
export const artifact: Check = {
  name: 'artifact',
  title: 'Artifact',
  reads: ['dynamodb:Query'],
  run: (facts) =>
    all([
      lookedAt('artifact', async () => chosen(facts, await facts.chosenArtifact())),
      lookedAt('templates', () => templates(facts)),
      lookedAt('gate', () => gate(facts)),
    ]),
};

function chosen({ request }: Facts, choice: ChosenArtifact): Finding {
  const project = request.app.artifactDbProjectName;
  if (choice.by === 'sha') return matched(request.sha ?? '', project, choice.match);
  if (choice.by === 'none') {
    return problem(`project ${project}`, 'has no artifact', {
      hint: 'CI registers them with artifact-db create. Or correct ArtifactDBProjectName.',
    });
  }
  const isAutomated = choice.by === 'automated';
  return ok(
    nameOf(choice.artifact),
    `the newest build${isAutomated ? ' for automated deploys' : ''}; all that follows is about a deploy of it`,
    {
      hint: `${isAutomated ? '' : 'None is tagged ForAutomatedDeploy=true. '}To look at another one: -sha <sha>.`,
    },
  );
}

function matched(sha: string, project: string, match: ShaMatch): Finding {
  if (match.kind === 'found') {
    const isExact = match.matched === 'exact';
    return ok(nameOf(match.artifact), isExact ? 'is registered' : `is what ${sha} is taken for`);
  }
  if (match.kind === 'ambiguous') {
    return problem(`SHA ${sha}`, `may be ${match.candidates.map(nameOf).join(', or ')}`, {
      hint: 'Give more characters of it.',
    });
  }
  return problem(`SHA ${sha}`, `is on no artifact of project ${project}`, {
    hint:
      match.nearMisses.length > 0
        ? `Close to it: ${match.nearMisses.map(nameOf).join('; ')}.`
        : 'The project has no artifacts with a SHA.',
  });
}

async function templates(facts: Facts): Promise<Finding> {
  const plan = await facts.plan();
  if (!(plan instanceof DeployError)) return ok('templates', 'all of them render');
  return problem('templates', plan.message, { hint: plan.hint });
}

/** As a deploy asks before it takes the lock. */
async function gate(facts: Facts): Promise<Finding> {
  const { app, environment } = facts.request;
  const subject = `gate to ${environment.name}`;
  if (environment.requiresPreviousEnvDeploy === undefined) return ok(subject, 'there is none');
  const artifact = await facts.artifact();
  const sha = environment.gate === 'content' ? '' : await configSha(facts);
  if (sha instanceof DeployError) {
    return unknown(subject, `the configuration has no name yet: ${sha.message}`, {
      hint: sha.hint,
    });
  }
  const found = gateOf(app, environment, sha);
  return found ? asked(facts, subject, found, artifact) : ok(subject, 'there is none');
}

function asked(facts: Facts, subject: string, gate: Gate, artifact: Artifact): Finding {
  const { isOpen, outcome, succeededWith } = askGate(gate, artifact, facts.request.app);
  const { previous, identity } = gate;
  const what = `${artifact.value} with configuration ${identity}`;
  if (isOpen) return ok(subject, `open: ${what} has been deployed to ${previous}`);
  const why = outcome === 'failure' ? 'failed in' : 'has not been deployed to';
  const others =
    succeededWith.length > 0 ? ` It succeeded there with ${succeededWith.join(', ')}.` : '';
  // Without -sha nobody has said that this is the one to deploy.
  const finding = facts.request.sha === undefined ? warning : problem;
  return finding(subject, `closed: ${what} ${why} ${previous}`, {
    hint: `Deploy it to ${previous} first, with the same configuration.${others}`,
  });
}

async function configSha({ ports }: Facts): Promise<DeployError | string> {
  try {
    return await ports.configSha();
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
}

function nameOf(artifact: Artifact): string {
  return `${artifact.value} (SHA ${tagOf(artifact, 'SHA') ?? '-'}, build ${artifact.buildNumber})`;
}
