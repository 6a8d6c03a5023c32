import type { Action as ActionShape } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import { validationError } from './errors.ts';
import type { Action } from './state.ts';
import { refuseOthers } from './validate.ts';

const CONTENT_TYPES = [
  'text/plain',
  'text/css',
  'text/html',
  'application/javascript',
  'application/json',
];
const MAX_BODY_LENGTH = 1024;

/** @throws {ApiError} ValidationError */
export function toFixedResponse(shape: ActionShape, order: number): Action {
  refuseOthers(shape, ['Type', 'Order', 'FixedResponseConfig'], 'Actions');
  const { StatusCode, ContentType, MessageBody } = shape.FixedResponseConfig ?? {};
  if (!/^[245]\d\d$/.test(StatusCode ?? '')) {
    throw validationError(`Fixed response status code '${StatusCode}' must be 2XX, 4XX or 5XX`);
  }
  if (ContentType !== undefined && !CONTENT_TYPES.includes(ContentType)) {
    throw validationError(`Fixed response content type '${ContentType}' is not supported`);
  }
  if ((MessageBody ?? '').length > MAX_BODY_LENGTH) {
    throw validationError(`A fixed response body has at most '${MAX_BODY_LENGTH}' characters`);
  }
  return {
    type: 'fixed-response',
    order,
    statusCode: Number(StatusCode),
    contentType: ContentType,
    body: MessageBody,
  };
}

/** @throws {ApiError} ValidationError, or InvalidLoadBalancerAction for a redirect to itself. */
export function toRedirect(shape: ActionShape, order: number): Action {
  refuseOthers(shape, ['Type', 'Order', 'RedirectConfig'], 'Actions');
  const config = shape.RedirectConfig;
  const protocol = config?.Protocol ?? '#{protocol}';
  const host = config?.Host ?? '#{host}';
  const port = config?.Port ?? '#{port}';
  const path = config?.Path ?? '/#{path}';
  const query = config?.Query ?? '#{query}';
  if (!['HTTP', 'HTTPS', '#{protocol}'].includes(protocol)) {
    throw validationError(`Redirect protocol '${protocol}' must be HTTP, HTTPS or #{protocol}`);
  }
  if (!path.startsWith('/')) throw validationError(`Redirect path '${path}' must start with '/'`);
  if (config?.StatusCode !== 'HTTP_301' && config?.StatusCode !== 'HTTP_302') {
    throw validationError(
      `Redirect status code '${config?.StatusCode}' must be HTTP_301 or HTTP_302`,
    );
  }
  const leadsToItself =
    protocol === '#{protocol}' && host === '#{host}' && port === '#{port}' && path === '/#{path}';
  if (leadsToItself) {
    throw new ApiError(
      'InvalidLoadBalancerAction',
      'The redirect configuration is not valid because it creates a loop.',
    );
  }
  const statusCode = config.StatusCode === 'HTTP_301' ? 301 : 302;
  return { type: 'redirect', order, statusCode, protocol, host, port, path, query };
}
