// That a pipeline would send a credential to a host: what a person is asked about once.

export interface HostUse {
  readonly credential: string;
  /** `ci.example.com:8443`; where it is not https, with its scheme. */
  readonly host: string;
}
