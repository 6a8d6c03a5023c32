/** A decimal number's sign, digits and exponent: `0.d1d2d3… × 10^point`. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/**
 * A floating-point number as Go's strconv formats it.
 * @param form `e` with an exponent, `f` without, `g` whichever is shorter
 * @param precision digits after the point, for `g` digits in all; undefined: as few as tell it apart
 * @see FormatFloat, package strconv, Go standard library
 */
export function formatFloat(
  value: number,
  form: 'e' | 'f' | 'g',
  precision: number | undefined,
): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (form === 'f') {
    const decimal = precision === undefined ? shortest(size) : rounded(size, precision, 'point');
    return sign + plainly(decimal, precision ?? Math.max(0, decimal.digits.length - decimal.point));
  }
  if (form === 'e') {
    const decimal =
      precision === undefined ? shortest(size) : rounded(size, precision + 1, 'start');
    return sign + withExponent(decimal, precision ?? decimal.digits.length - 1);
  }
  const wanted = precision === undefined ? undefined : Math.max(1, precision);
  const decimal = wanted === undefined ? shortest(size) : rounded(size, wanted, 'start');
  const digits = decimal.digits.replace(/(?<=.)0+$/, '');
  let limit = wanted ?? 6;
  if (wanted !== undefined && wanted > digits.length && digits.length >= decimal.point) {
    limit = digits.length;
  }
  const exponent = decimal.point - 1;
  const short = { digits, point: decimal.point };
  if (exponent < -4 || exponent >= limit) return sign + withExponent(short, digits.length - 1);
  return sign + plainly(short, Math.max(0, digits.length - decimal.point));
}

/** The fewest digits that stand for this number and no other. */
function shortest(size: number): Decimal {
  const [digits = '0', exponent = '0'] = size.toExponential().split('e');
  return { digits: digits.replace('.', ''), point: Number(exponent) + 1 };
}

/** Exactly rounded, half to even, to so many digits after the point or from the first one on. */
function rounded(size: number, count: number, from: 'point' | 'start'): Decimal {
  if (size === 0) return { digits: '0'.repeat(Math.max(1, count)), point: 1 };
  const { numerator, denominator } = fractionOf(size);
  if (from === 'point') {
    const digits = `${divided(numerator * 10n ** BigInt(count), denominator)}`;
    return { digits, point: digits.length - count };
  }
  // The shortest form may already be rounded up to the next power of ten, or rounding may do it.
  for (let point = shortest(size).point - 1; ; point++) {
    const shift = count - point;
    const digits =
      shift >= 0
        ? divided(numerator * 10n ** BigInt(shift), denominator)
        : divided(numerator, denominator * 10n ** BigInt(-shift));
    if (digits < 10n ** BigInt(count)) return { digits: `${digits}`, point };
  }
}

/** The number as a fraction of integers, exactly. */
function fractionOf(size: number): { numerator: bigint; denominator: bigint } {
  let numerator = size;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(numerator), denominator };
}

function divided(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  const rest = 2n * (numerator % denominator);
  const isUp = rest > denominator || (rest === denominator && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

function plainly({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places === 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

function withExponent({ digits, point }: Decimal, places: number): string {
  const exponent = /^0*$/.test(digits) ? 0 : point - 1;
  const fraction = places === 0 ? '' : `.${digits.slice(1, places + 1).padEnd(places, '0')}`;
  const power = `${Math.abs(exponent)}`.padStart(2, '0');
  return `${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}
