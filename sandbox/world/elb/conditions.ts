import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { validationError } from './errors.ts';
import { isIpv4Block } from './match.ts';
import type { Condition } from './state.ts';
import { refuseOthers } from './validate.ts';

const MAX_VALUES_PER_RULE = 5;
const MAX_WILDCARDS_PER_RULE = 6;
const MAX_VALUE_LENGTH = 128;
/** A rule may have several conditions of these fields, and one of each other field. */
const REPEATABLE = ['http-header', 'query-string'];

/**
 * Reads the conditions of a rule. Regular expressions are refused by name.
 * @throws {ApiError} ValidationError
 * @see Condition types for listener rules, User Guide for Application Load Balancers
 */
export function toConditions(shapes: readonly RuleCondition[] | undefined): Condition[] {
  const conditions = (shapes ?? []).map(toCondition);
  if (conditions.length === 0) throw validationError('A condition must be specified');
  const once = conditions
    .map((condition) => condition.field)
    .filter((f) => !REPEATABLE.includes(f));
  const repeated = once.find((field, index) => once.indexOf(field) !== index);
  if (repeated) throw validationError(`A rule can only have one '${repeated}' condition`);
  const values = conditions.flatMap(valuesOf);
  if (values.length > MAX_VALUES_PER_RULE) {
    throw validationError(`A rule can only have '${MAX_VALUES_PER_RULE}' condition values`);
  }
  const wildcards =
    values
      .join('')
      .replace(/\\[*?]/g, '')
      .match(/[*?]/g) ?? [];
  if (wildcards.length > MAX_WILDCARDS_PER_RULE) {
    throw validationError(`A rule can only have '${MAX_WILDCARDS_PER_RULE}' condition wildcards`);
  }
  return conditions;
}

/** A condition as the API answers it: the two oldest fields are written both ways. */
export function toConditionShape(condition: Condition): RuleCondition {
  switch (condition.field) {
    case 'http-header':
      return {
        Field: condition.field,
        HttpHeaderConfig: { HttpHeaderName: condition.name, Values: [...condition.values] },
      };
    case 'query-string':
      return {
        Field: condition.field,
        QueryStringConfig: {
          Values: condition.pairs.map(({ key, value }) => ({ Key: key, Value: value })),
        },
      };
    case 'path-pattern':
      return {
        Field: condition.field,
        Values: [...condition.values],
        PathPatternConfig: { Values: [...condition.values] },
      };
    case 'host-header':
      return {
        Field: condition.field,
        Values: [...condition.values],
        HostHeaderConfig: { Values: [...condition.values] },
      };
    case 'http-request-method':
      return {
        Field: condition.field,
        HttpRequestMethodConfig: { Values: [...condition.values] },
      };
    case 'source-ip':
      break;
  }
  return { Field: condition.field, SourceIpConfig: { Values: [...condition.values] } };
}

function toCondition(shape: RuleCondition): Condition {
  const field = shape.Field ?? '';
  switch (field) {
    case 'path-pattern':
      return { field, values: checked(field, eitherWay(shape, 'PathPatternConfig')) };
    case 'host-header':
      return { field, values: checked(field, eitherWay(shape, 'HostHeaderConfig')) };
    case 'http-request-method': {
      refuseOthers(shape, ['Field', 'HttpRequestMethodConfig'], 'Conditions');
      return { field, values: checked(field, shape.HttpRequestMethodConfig?.Values, /^[A-Z_-]+$/) };
    }
    case 'source-ip': {
      refuseOthers(shape, ['Field', 'SourceIpConfig'], 'Conditions');
      const values = checked(field, shape.SourceIpConfig?.Values);
      const bad = values.find((value) => !isIpv4Block(value));
      if (bad === undefined) return { field, values };
      throw validationError(
        `'${bad}' is not a valid IPv4 CIDR block; IPv6 is not implemented by the sandbox`,
      );
    }
    case 'http-header': {
      refuseOthers(shape, ['Field', 'HttpHeaderConfig'], 'Conditions');
      refuseOthers(shape.HttpHeaderConfig ?? {}, ['HttpHeaderName', 'Values'], 'HttpHeaderConfig');
      const name = headerName(shape.HttpHeaderConfig?.HttpHeaderName);
      return { field, name, values: checked(field, shape.HttpHeaderConfig?.Values) };
    }
    case 'query-string': {
      refuseOthers(shape, ['Field', 'QueryStringConfig'], 'Conditions');
      const pairs = shape.QueryStringConfig?.Values ?? [];
      checked(
        field,
        pairs.map((pair) => pair.Value ?? ''),
      );
      return { field, pairs: pairs.map(({ Key, Value }) => ({ key: Key, value: Value ?? '' })) };
    }
    default:
      throw validationError(
        `Condition field '${field}' must be one of '[path-pattern, host-header, http-request-method, http-header, query-string, source-ip]'`,
      );
  }
}

function eitherWay(
  shape: RuleCondition,
  config: 'PathPatternConfig' | 'HostHeaderConfig',
): readonly string[] | undefined {
  refuseOthers(shape, ['Field', 'Values', config], 'Conditions');
  refuseOthers(shape[config] ?? {}, ['Values'], config);
  const plain = shape.Values ?? [];
  const nested = shape[config]?.Values;
  if (plain.length > 0 && nested && JSON.stringify(plain) !== JSON.stringify(nested)) {
    throw validationError(`Values and ${config} must be the same when both are specified`);
  }
  return nested ?? plain;
}

function checked(
  field: string,
  values: readonly string[] | undefined,
  allowed = /^[\x20-\x7e]+$/,
): string[] {
  if (!values || values.length === 0) {
    throw validationError(`A '${field}' condition must have at least one value`);
  }
  for (const value of values) {
    if (value.length <= MAX_VALUE_LENGTH && allowed.test(value)) continue;
    throw validationError(`Condition value '${value}' of '${field}' is not valid`);
  }
  return [...values];
}

function headerName(name: string | undefined): string {
  if (name && name.length <= 40 && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/^host$/i.test(name)) {
    return name;
  }
  throw validationError(`HTTP header name '${name}' is not valid`);
}

function valuesOf(condition: Condition): readonly string[] {
  return condition.field === 'query-string'
    ? condition.pairs.map((pair) => pair.value)
    : condition.values;
}
