import {
  type Candidate,
  type Client,
  IDLE,
  type Item,
  type Protocol,
  type State,
  type Write,
} from './protocol.ts';

/** What tells a state from all those that behave otherwise, and the state in its shortest form. */
export interface Canonical {
  readonly key: string;
  state(): State;
}

/**
 * Makes states equal that behave alike: drops what can play no part any more, and gives the versions
 * that are left the smallest numbers, in the order of their making. For that reason there are finitely
 * many.
 * @param isUnified Makes those equal as well in which only the two clients have changed about.
 */
export function canonical(state: State, protocol: Protocol, isUnified: boolean): Canonical {
  const live = withoutDead(state, protocol);
  const number = numbering(live);
  const item = keyOfItem(live.item, number);
  const a = keyOfClient(live.clients[0], number);
  const b = keyOfClient(live.clients[1], number);
  const keyOf = (isMirrored: boolean) => {
    const writes = live.writes.map((write) => keyOfWrite(write, number, isMirrored));
    return item + (isMirrored ? b + a : a + b) + writes.sort().join('');
  };
  let isMirrored = isUnified && b < a;
  let key = keyOf(isMirrored);
  if (isUnified && a === b) {
    const other = keyOf(true);
    isMirrored = other < key;
    if (isMirrored) key = other;
  }
  return { key, state: () => renamed(live, number, isMirrored) };
}

function withoutDead({ item, clients, writes, next }: State, protocol: Protocol): State {
  const isPossible = (write: Write) =>
    !(write.isLate && write.kind === 'acquire' && !write.answer) || protocol.claimsOutliveTheirUse;
  /** The versions that the record has, or may have yet; one bit each. */
  let possible = 1 << item.version;
  for (const write of writes) {
    if (!write.answer && isPossible(write)) possible |= 1 << write.version;
  }
  const left: Write[] = [];
  let known = possible;
  for (const write of writes) {
    if (!isPossible(write)) continue;
    const { answer } = write;
    if (answer?.isWritten) known |= 1 << write.version;
    else if (answer?.isOwn) known |= 1 << answer.version;
    const live = liveWrite(write, possible);
    if (live.isAwaited || live.requires.length > 0 || !needsVersion(live, protocol))
      left.push(live);
  }
  const a = liveClient(clients[0], protocol, possible | known);
  const b = liveClient(clients[1], protocol, possible | known);
  return { item, clients: [a, b], writes: left, next };
}

const NOTHING: readonly number[] = [];

function liveWrite(write: Write, possible: number): Write {
  if (write.requires.length === 0) return write;
  if (write.answer) return { ...write, requires: NOTHING };
  if (write.requires.every((one) => possible & (1 << one))) return write;
  return { ...write, requires: write.requires.filter((one) => possible & (1 << one)) };
}

/** Whether a write that requires no possible version can't be made. */
function needsVersion({ kind }: Write, protocol: Protocol): boolean {
  if (kind === 'acquire') return false;
  if (kind === 'take over') return protocol.takeOverRequires === 'version';
  return protocol.renewRequires !== 'owner only';
}

function liveClient(client: Client, protocol: Protocol, known: number): Client {
  const { mode, me } = client;
  if (mode === 'idle') return IDLE;
  const isEnding = mode === 'yielding' || mode === 'releasing';
  const isTimeless = isEnding && protocol.rightEndsWith === 'sending';
  const candidates: Candidate[] = [];
  for (const one of client.candidates) {
    if ((known & (1 << one.version)) === 0) continue;
    const { version, isEnd } = one;
    candidates.push(isTimeless && one.age > 0 ? { version, age: 0, isEnd } : one);
  }
  return { mode, me, age: isTimeless ? 0 : client.age, candidates };
}

type Numbering = (old: number) => number;

/** Gives versions and names the numbers from 1, in their order; 0 is none, and stays it. */
function numbering({ item, clients, writes }: State): Numbering {
  let used = 1 | (1 << item.owner) | (1 << item.version);
  for (const { me, candidates } of clients) {
    used |= 1 << me;
    for (const { version } of candidates) used |= 1 << version;
  }
  for (const { owner, version, requires, requiresOwner, answer } of writes) {
    used |= (1 << owner) | (1 << version) | (1 << requiresOwner);
    for (const one of requires) used |= 1 << one;
    if (answer?.isOwn) used |= 1 << answer.version;
  }
  return (old) => bitsSet(used & ((1 << old) - 1));
}

function bitsSet(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Beyond the largest number that there is. */
const END = 30;

function renamed(state: State, number: Numbering, isMirrored: boolean): State {
  const { item, clients, writes } = state;
  const client = ({ mode, me, age, candidates }: Client): Client => ({
    mode,
    me: number(me),
    age,
    candidates: candidates.map(({ version, age, isEnd }) => {
      return { version: number(version), age, isEnd };
    }),
  });
  const write = (old: Write): Write => ({
    client: isMirrored ? (old.client === 0 ? 1 : 0) : old.client,
    owner: number(old.owner),
    kind: old.kind,
    version: number(old.version),
    requires: old.requires.map(number),
    requiresOwner: number(old.requiresOwner),
    isAwaited: old.isAwaited,
    isLate: old.isLate,
    answer: old.answer && {
      ...old.answer,
      version: old.answer.isOwn ? number(old.answer.version) : 0,
    },
  });
  const [a, b] = clients;
  return {
    item: { ...item, owner: number(item.owner), version: number(item.version) },
    clients: isMirrored ? [client(b), client(a)] : [client(a), client(b)],
    writes: writes.map(write),
    next: number(END),
  };
}

const MODES = ['idle', 'asking', 'claiming', 'holding', 'yielding', 'releasing'];
const KINDS = ['acquire', 'take over', 'renew', 'yield', 'release'];
const text = String.fromCharCode;

function bit(isSet: boolean): number {
  return isSet ? 1 : 0;
}

function keyOfItem(item: Item, number: Numbering): string {
  const { owner, version, isReleased, isBroken, isYielded, age } = item;
  if (isReleased || owner === 0) return text(number(owner), number(version), isBroken ? 99 : 97);
  return text(number(owner), number(version), isYielded ? 98 : age);
}

function keyOfClient({ mode, me, age, candidates }: Client, number: Numbering): string {
  if (mode === 'idle') return text(0);
  let key = text(MODES.indexOf(mode), number(me), age, candidates.length);
  for (const one of candidates) key += text(number(one.version), one.age * 2 + bit(one.isEnd));
  return key;
}

function keyOfWrite(write: Write, number: Numbering, isMirrored: boolean): string {
  const { kind, owner, version, requires, answer } = write;
  const client = isMirrored ? 1 - write.client : write.client;
  let key = text(KINDS.indexOf(kind) * 2 + client, number(owner), number(version));
  if (answer) {
    const { isWritten, isOwn, isReleased, isBroken } = answer;
    const isOf = isOwn && !isWritten;
    key += text(100 + bit(isWritten) * 4 + bit(isOf) * 2 + bit(isOf && isReleased));
    return key + (isOf ? text(number(answer.version), bit(isBroken)) : '');
  }
  key += text(bit(write.isAwaited) * 2 + bit(write.isLate), number(write.requiresOwner));
  key += text(requires.length);
  for (const one of requires) key += text(number(one));
  return key;
}
