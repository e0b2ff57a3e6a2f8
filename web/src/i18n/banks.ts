// Banks by the first three digits of their clearing code (行别代码 of the 12-digit 联行号 in CNAPS). A code that is not of this form
// is somebody's own and is shown as it is.
import type { Both } from "./texts";

const BANKS: Readonly<Record<string, Both>> = {
  "102": ["工商银行", "ICBC"],
  "103": ["农业银行", "ABC"],
  "104": ["中国银行", "BOC"],
  "105": ["建设银行", "CCB"],
  "203": ["农业发展银行", "ADBC"],
  "301": ["交通银行", "BoCom"],
  "302": ["中信银行", "CITIC"],
  "303": ["光大银行", "CEB"],
  "304": ["华夏银行", "Hua Xia"],
  "305": ["民生银行", "CMBC"],
  "306": ["广发银行", "CGB"],
  "307": ["平安银行", "Ping An"],
  "308": ["招商银行", "CMB"],
  "309": ["兴业银行", "CIB"],
  "310": ["浦发银行", "SPDB"],
  "313": ["城市商业银行", "City bank"],
  "314": ["农村商业银行", "Rural bank"],
  "402": ["农村信用社", "Rural credit"],
  "403": ["邮储银行", "PSBC"],
};

export function bankOf(code: string): Both | undefined {
  return /^\d{12}$/.test(code) ? BANKS[code.slice(0, 3)] : undefined;
}
