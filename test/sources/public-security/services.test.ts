import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import publicSecurity from '../../../sources/public-security/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { inspectionsOf, live, stationsOf, subject } from './support.ts';

let hub: SourceUnderTest;
let stations: WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(publicSecurity, { worldSize: 400 });
  stations = stationsOf(hub.world);
});
afterAll(() => hub.close());

describe('the older service', () => {
  it('gives the same records in its own parameter order and encoding', async () => {
    const plain = await startSource(publicSecurity, {
      worldSize: 400,
      environment: { PUBLIC_SECURITY_VARIANT: 'plain' },
    });
    try {
      const requests = stations.slice(0, 10).map(subject);
      const facts = async (source: SourceUnderTest) =>
        live(await source.source.read('institutions', requests, callScope())).map(({ records }) =>
          records.map((record) => ({ ...record, provenance: null })),
        );
      expect(await facts(plain)).toEqual(await facts(hub));
      const directory = await plain.source.directory?.(callScope(30_000));
      expect(directory?.entries).toHaveLength(stations.length);
      await plain.source.ping(callScope());
    } finally {
      await plain.close();
    }
  });

  it('takes the whole directory in one call when no offices are named', async () => {
    const whole = await startSource(publicSecurity, {
      worldSize: 400,
      environment: {
        PUBLIC_SECURITY_ISSUING_OFFICES: '',
        PUBLIC_SECURITY_UNIT_NAME: '示例总队',
        PUBLIC_SECURITY_SCENE: 'A17',
      },
    });
    try {
      const directory = await whole.source.directory?.(callScope(30_000));
      expect(directory?.entries).toHaveLength(stations.length);
      expect(whole.upstream.calls()).toEqual({ '18C01': 1 });
    } finally {
      await whole.close();
    }
  });
});

describe('the reference upstream', () => {
  it('serves its contract with its own addresses', async () => {
    const reply = await fetch(`${hub.upstream.address}/pnweb/services/TmriOutNewAccess?wsdl`);
    const wsdl = await reply.text();
    expect(wsdl).toContain(`location="${hub.upstream.address}/pnweb/services/TmriOutAccess"`);
    expect(wsdl).toContain('<wsdl:operation name="queryObjectOutNew"');
  });

  it('faults like Axis when a part is out of order', async () => {
    const parts = ['jkxlh', 'xtlb', 'jkid', 'UTF8XmlDoc'].map((part) => `<${part} xsi:type="xsd:string">18</${part}>`);
    const reply = await fetch(`${hub.upstream.address}/pnweb/services/TmriOutAccess`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
        <t:queryObjectOut xmlns:t="http://endpoint.axis.framework.tmri.com">${parts.join('')}</t:queryObjectOut></soapenv:Body></soapenv:Envelope>`,
    });
    expect(reply.status).toBe(500);
    expect(await reply.text()).toContain('argument type mismatch');
  });

  it('answers a page of stations of a large province at once', async () => {
    const large = await startSource(publicSecurity, { worldSize: 20_000 });
    try {
      const known = stationsOf(large.world);
      const requests = known.slice(-100).map(subject);
      await large.source.read('institutions', requests, callScope());
      const started = performance.now();
      live(await large.source.read('institutions', requests, callScope()));
      live(
        await large.source.read(
          'inspections',
          known.slice(-20).map((each) => inspectionsOf(each, { limit: 10 })),
          callScope(),
        ),
      );
      // Generous for busy machines; looking through all institutions would take far longer.
      expect(performance.now() - started).toBeLessThan(5_000);
      const directory = await large.source.directory?.(callScope(30_000));
      expect(directory?.entries).toHaveLength(known.length);
    } finally {
      await large.close();
    }
  });
});
