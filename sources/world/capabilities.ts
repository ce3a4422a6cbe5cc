/** Capability scopes (检验检测能力附表) by kind of body: object, parameter, standard with year. */
import type { EmissionMethod, WorldCapability, WorldKind } from './types.ts';

interface Capability {
  readonly itemNumber: string;
  readonly object: string;
  readonly parameter: string;
  readonly standard: string;
  readonly restriction: string | null;
}

const VEHICLE = table(`
1.1 机动车安全技术检验|安全技术检验|GB 38900-2020
1.2 机动车排放检验|双怠速法|GB 18285-2018
1.3 机动车排放检验|简易瞬态工况法|GB 18285-2018
1.4 机动车排放检验|稳态工况法|GB 18285-2018
1.5 机动车排放检验|加载减速法|GB 3847-2018
1.6 机动车排放检验|自由加速法|GB 3847-2018
1.7 机动车排放检验|车载诊断系统检查|GB 18285-2018
2.1 道路运输车辆|技术等级评定|JT/T 198-2016`);

const ENVIRONMENT = table(`
1.1 地表水|pH值|HJ 1147-2020
1.2 地表水|氨氮|HJ 535-2009
1.3 地表水|总磷|GB/T 11893-1989
1.4 废水|化学需氧量|HJ 828-2017
1.5 废水|悬浮物|GB/T 11901-1989
2.1 环境空气|二氧化硫|HJ 482-2009
2.2 环境空气|氮氧化物|HJ 479-2009
2.3 固定污染源废气|颗粒物|HJ 836-2017|仅限低浓度
2.4 固定污染源废气|非甲烷总烃|HJ 38-2017
3.1 噪声|工业企业厂界环境噪声|GB 12348-2008
4.1 土壤|铅|GB/T 17141-1997`);

const FOOD = table(`
1.1 粮食及制品|水分|GB 5009.3-2016
1.2 粮食及制品|黄曲霉毒素B1|GB 5009.22-2016
1.3 食品|铅|GB 5009.12-2023
1.4 食品|菌落总数|GB 4789.2-2022
1.5 肉制品|亚硝酸盐|GB 5009.33-2016
1.6 饮料|苯甲酸|GB 5009.28-2016
1.7 蔬菜|农药残留|GB 23200.121-2021
1.8 食品|蛋白质|GB 5009.5-2016`);

const MEDICAL = table(`
1.1 医用口罩|细菌过滤效率|YY 0469-2023
1.2 医用防护口罩|颗粒过滤效率|GB 19083-2023
2.1 医用电气设备|漏电流|GB 9706.1-2020
3.1 一次性使用输液器具|无菌|GB/T 14233.2-2005
3.2 医疗器械|体外细胞毒性|GB/T 16886.5-2017`);

const CARBON = table(`
1.1 煤|元素碳含量|GB/T 476-2008
1.2 煤|低位发热量|GB/T 213-2008
1.3 煤|全水分|GB/T 211-2017
2.1 固定污染源废气|二氧化碳|HJ 870-2017`);

const GENERAL = table(`
1.1 混凝土|抗压强度|GB/T 50081-2019
1.2 水泥|安定性|GB/T 1346-2011
2.1 钢筋|抗拉强度|GB/T 228.1-2021
3.1 电线电缆|绝缘电阻|GB/T 3048.5-2007
4.1 玩具|机械与物理性能|GB 6675.2-2014
5.1 消防水带|爆破压力|GB 6246-2011`);

const CERTIFICATION = table(`
A01 质量管理体系认证|质量管理体系|GB/T 19001-2016
A02 环境管理体系认证|环境管理体系|GB/T 24001-2016
A03 职业健康安全管理体系认证|职业健康安全管理体系|GB/T 45001-2020`);

const BY_KIND: Readonly<Record<WorldKind, readonly Capability[]>> = {
  VEHICLE_INSPECTION_BODY: VEHICLE,
  ENV_MONITORING_BODY: ENVIRONMENT,
  FOOD_AGRI_TESTING_BODY: FOOD,
  MEDICAL_DEVICE_INSPECTION_BODY: MEDICAL,
  CARBON_TESTING_BODY: CARBON,
  CARBON_VERIFICATION_BODY: [],
  INSPECTION_TESTING_BODY: GENERAL,
  CERTIFICATION_BODY: CERTIFICATION,
  OTHER: [],
};

const ITEM_OF_METHOD: Readonly<Record<EmissionMethod, string>> = {
  DOUBLE_IDLE: '1.2',
  VMAS: '1.3',
  ASM: '1.4',
  LUGDOWN: '1.5',
  OPACITY: '1.6',
};

/** Item number of the road vehicle test. */
export const ROAD_TEST_ITEM = '2.1';

/** All capabilities that bodies of this kind may have, at one site. */
export function capabilitiesOf(kind: WorldKind, site: string): readonly WorldCapability[] {
  return BY_KIND[kind].map((capability) => ({ ...capability, site }));
}

/** The capability with this item number, if the scope has it. */
export function itemIn(scope: readonly WorldCapability[], itemNumber: string): WorldCapability | undefined {
  return scope.find((capability) => capability.itemNumber === itemNumber);
}

/** Item number of an emission method in the scope of vehicle inspection bodies. */
export function itemOfMethod(method: EmissionMethod): string {
  return ITEM_OF_METHOD[method];
}

/** What an authorised signatory of this kind of body may sign. */
export function fieldsOf(kind: WorldKind): readonly string[] {
  if (kind === 'VEHICLE_INSPECTION_BODY') return ['机动车检验'];
  return [...new Set(BY_KIND[kind].map(({ object }) => object))];
}

function table(rows: string): readonly Capability[] {
  return rows
    .trim()
    .split('\n')
    .map((row) => {
      const space = row.indexOf(' ');
      const [object = '', parameter = '', standard = '', restriction = null] = row.slice(space + 1).split('|');
      return { itemNumber: row.slice(0, space), object, parameter, standard, restriction };
    });
}
