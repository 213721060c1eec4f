import { type Chosen, choose, type Locale } from "../i18n";

const TEXTS = {
  source: ["来源", "Source"],
  close: ["关闭", "Close"],
  loading: ["正在加载…", "Loading…"],
  sourceUnavailable: [
    "暂时打不开这条来源，请稍后再试",
    "This source cannot be opened right now, please try again later",
  ],
  sourceIsOperation: [
    "这条信息来自店铺系统的实时查询结果。",
    "This comes from a live look-up in the shop's system.",
  ],
  validFrom: [(date: string) => `${date} 起有效`, (date: string) => `Valid from ${date}`],
  validUntil: [(date: string) => `有效期至 ${date}`, (date: string) => `Valid until ${date}`],
  earlier: [(count: number) => `更早的 ${count} 条记录`, (count: number) => `Earlier (${count})`],
  details: ["查看详情", "Details"],
  submitted: ["已提交", "Submitted"],
  choose: ["请选择", "Please choose"],
} satisfies Parameters<typeof choose>[0];

export function stringsFor(locale: Locale): Chosen<typeof TEXTS> {
  return choose(TEXTS, locale);
}
