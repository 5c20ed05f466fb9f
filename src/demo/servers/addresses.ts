// Where the servers of the demo are found, and who may ask them.
/** Addresses and credentials; the one line that `servers` prints. */
export interface DemoServers {
  readonly newRelic: {
    readonly url: string;
    readonly accountId: number;
    readonly apiKey: string;
    readonly entityGuid: string;
  };
  /** `endpoint` ends in `/api`. */
  readonly sumoLogic: { readonly endpoint: string; readonly accessId: string; readonly accessKey: string };
  readonly jenkins: { readonly url: string; readonly user: string; readonly token: string; readonly job: string };
  readonly fleet: { readonly url: string };
}
