import {
  type Client,
  gone,
  isHeld,
  NAMES,
  type Protocol,
  type State,
  type Step,
  unawaited,
  withClient,
  type Write,
} from './protocol.ts';

const MAX_UNDER_WAY = 2;

/** Everything that a client may do next. It never has to. */
export function clientSteps(state: State, protocol: Protocol, index: 0 | 1): Step[] {
  const steps: Step[] = [];
  const name = NAMES[index];
  const { mode, age, candidates } = state.clients[index];
  if (mode !== 'idle')
    steps.push({ label: `${name} is killed`, state: gone(state, protocol, index) });
  if (mode === 'idle' && protocol.silenceFrom === 'request') {
    const asking: Client = { mode: 'asking', me: 0, age: 0, candidates };
    steps.push({ label: `${name} asks`, state: withClient(state, index, asking) });
  }
  for (const write of writesToSend(state, protocol, index)) {
    const isFirst = write.version === state.next;
    const label = `${name} sends: ${write.kind}${isFirst ? '' : ' once more'}`;
    for (const next of sent(state, index, write, age)) steps.push({ label, state: next });
  }
  return steps;
}

/** A write as its sender makes it. */
type NewWrite = Pick<Write, 'kind' | 'owner' | 'version' | 'requires' | 'requiresOwner'>;

function writesToSend(state: State, protocol: Protocol, index: 0 | 1): NewWrite[] {
  const { mode, me, age, candidates } = state.clients[index];
  const version = state.next;
  if (mode === 'idle' || mode === 'asking') {
    const acquire = {
      owner: version,
      version,
      kind: 'acquire',
      requires: [],
      requiresOwner: 0,
    } as const;
    return maySee(state, protocol, index) ? [acquire, takeOver(state, protocol)] : [acquire];
  }
  if (mode === 'claiming') {
    // All attempts of a claim have one name and one version, and end with the lease.
    const isOver = age >= protocol.leaseTicks;
    return isOver ? [] : state.writes.filter((write) => write.owner === me).slice(0, 1);
  }
  const versions = candidates.map((one) => one.version);
  const requires = protocol.renewRequires === 'confirmed' ? versions.slice(0, 1) : versions;
  return KINDS_IN[mode].map((kind) => {
    return { kind, owner: me, version, requires, requiresOwner: me };
  });
}

/** Whether a client can know by now that the holder was silent for long enough. */
function maySee({ item, clients }: State, protocol: Protocol, index: 0 | 1): boolean {
  if (!isHeld(item)) return false;
  const { mode, age } = clients[index];
  const silentTicks = mode === 'asking' ? age : item.age;
  return item.isYielded || silentTicks >= protocol.takeOverAfterTicks;
}

function takeOver({ item, next }: State, { takeOverRequires }: Protocol): NewWrite {
  return {
    kind: 'take over',
    owner: next,
    version: next,
    requires: takeOverRequires === 'version' ? [item.version] : [],
    requiresOwner: item.owner,
  };
}

const KINDS_IN = {
  holding: ['renew', 'yield', 'release'],
  yielding: ['yield'],
  releasing: ['release'],
} as const;

const MODE_AFTER = {
  acquire: 'claiming',
  'take over': 'claiming',
  renew: 'holding',
  yield: 'yielding',
  release: 'releasing',
} as const;

/**
 * Sends something, and waits no longer for the answer to what was sent before. Where two requests are
 * under way already, one of them has got lost: as long as there is room, it is only late.
 */
function sent(state: State, index: 0 | 1, write: NewWrite, age: number): State[] {
  const { kind, owner, version, requires, requiresOwner } = write;
  const isClaim = kind === 'acquire' || kind === 'take over';
  const isFirst = version === state.next;
  const isEnd = kind === 'yield' || kind === 'release';
  const known = state.clients[index].candidates;
  const sender: Client = {
    mode: MODE_AFTER[kind],
    me: owner,
    age: isClaim && isFirst ? 0 : age,
    candidates: isClaim ? [] : [...known, { version, age: 0, isEnd }],
  };
  const added: Write = {
    client: index,
    owner,
    kind,
    version,
    requires,
    requiresOwner,
    isAwaited: true,
    isLate: false,
    answer: undefined,
  };
  const others = unawaited(state.writes, owner);
  const own = others.filter((other) => other.client === index);
  const lost = own.length < MAX_UNDER_WAY ? [undefined] : own;
  return lost.map((one) => {
    const writes = [...others.filter((other) => other !== one), added];
    const next = isFirst ? state.next + 1 : state.next;
    return withClient({ ...state, writes, next }, index, sender);
  });
}
