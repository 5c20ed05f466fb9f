// A pipeline's wish to send a credential to a host, which a person is asked about once.

export interface HostUse {
  readonly credential: string;
  /** `ci.example.com:8443`; with its scheme if that is not https. */
  readonly host: string;
}
