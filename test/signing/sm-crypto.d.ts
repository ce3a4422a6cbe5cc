/** The part of sm-crypto that the tests use; it brings no types. All texts are hex. */
declare module 'sm-crypto' {
  interface Options {
    readonly hash: true;
    readonly der: true;
    /** 04, x and y. */
    readonly publicKey?: string;
  }
  const smCrypto: {
    readonly sm2: {
      generateKeyPairHex(): { readonly privateKey: string; readonly publicKey: string };
      doSignature(message: readonly number[], privateKey: string, options: Options): string;
      doVerifySignature(message: readonly number[], signature: string, publicKey: string, options: Options): boolean;
    };
  };
  export default smCrypto;
}
