import { renderTemplate } from './render.ts';

/** Puts an account into `Credentials.RoleArn`. Only the account's own names may stand in it. */
export function renderRoleArn(
  template: string,
  account: { readonly accountId: string; readonly region: string },
): string {
  return renderTemplate(
    template,
    { Account: account.accountId, Region: account.region },
    'Credentials.RoleArn',
  );
}
