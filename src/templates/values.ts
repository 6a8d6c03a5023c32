/** What every template may name. Names are case-sensitive, as they were in Go. */
export interface AccountValues {
  /** The account id. */
  readonly Account: string;
  readonly Region: string;
}

/** What the templates of an app may name; account and region are the environment's. */
export interface TemplateValues extends AccountValues {
  /** The environment's name. */
  readonly Environment: string;
  readonly Artifact: {
    readonly Value: string;
    readonly BuildNumber: number;
    readonly Tags: Readonly<Record<string, string>>;
  };
  /** `family:revision`. Known only once the deploy is done: post-deploy commands have it. */
  readonly TaskDefinition?: string;
}
