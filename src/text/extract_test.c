/* Texts as victims, banks and chats write them, and what is found in each; then the limits. */
#include "text/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/time.h"
#include "support/extract_show.h"

static const struct {
    const char *text, *found;
} TEXTS[] = {
    {"我今天上午10点20分被骗了，对方让我转账到中国工商银行卡号6222022001123456788，户名：张三，我转了5000元，后来又转了"
     "3万5到农行6228480402564890018，户名李四。",
     "time 2026-11-25 10:20:00\n"
     "bank 中国工商银行\n"
     "card paid 6222022001123456788\n"
     "name 张三\n"
     "amount paid 5000.00\n"
     "amount paid 35000.00\n"
     "bank 中国农业银行\n"
     "card 6228480402564890018\n"
     "name 李四\n"
     "> 6222022001123456788 张三 中国工商银行 2026-11-25 10:20:00 5000.00\n"
     "> 6228480402564890018 李四 中国农业银行 2026-11-25 10:20:00 35000.00\n"},
    {"【工商银行】您尾号1234的储蓄卡11月25日10:20向王五（尾号5678）转账支出5,000.00元，余额123.45元。",
     "bank 中国工商银行\n"
     "tail own 1234\n"
     "time 2026-11-25 10:20:00\n"
     "name 王五\n"
     "tail paid 5678\n"
     "amount paid 5000.00\n"
     "amount balance 123.45\n"
     "> - 王五 中国工商银行 2026-11-25 10:20:00 5000.00\n"},
    {"【建设银行】您尾号9876的储蓄卡账户11月24日15时32分支付宝消费支出人民币200.00元,活期余额1,532.10元。[建设银行]",
     "bank 中国建设银行\n"
     "tail own 9876\n"
     "time 2026-11-24 15:32:00\n"
     "bank 支付宝\n"
     "amount paid 200.00\n"
     "amount balance 1532.10\n"
     "bank 中国建设银行\n"
     "> - - 支付宝 2026-11-24 15:32:00 200.00\n"},
    {"昨天下午3点，我用我的建行卡6217003300123456787给对方农业银行账号6228480402564890018（户名：李小红）转了两万三千元"
     "，过了半小时又转了1.5万。",
     "time 2026-11-24 15:00:00\n"
     "bank 中国建设银行\n"
     "card own 6217003300123456787\n"
     "bank 中国农业银行\n"
     "card paid 6228480402564890018\n"
     "name 李小红\n"
     "amount paid 23000.00\n"
     "amount paid 15000.00\n"
     "> 6228480402564890018 李小红 中国农业银行 2026-11-24 15:00:00 23000.00\n"
     "> 6228480402564890018 李小红 中国农业银行 2026-11-24 15:00:00 15000.00\n"},
    {"刷单返利：先做了3单，返了120元佣金，然后垫付5000元、8000元、1万2，卡号都是6228 4804 0256 4890 "
     "018，收款人：覃明，开户行桂林银行南宁分行。",
     "amount received 120.00\n"
     "amount paid 5000.00\n"
     "amount paid 8000.00\n"
     "amount paid 12000.00\n"
     "card 6228480402564890018\n"
     "name 覃明\n"
     "bank 桂林银行\n"
     "> 6228480402564890018 覃明 桂林银行 - 5000.00\n"
     "> 6228480402564890018 覃明 桂林银行 - 8000.00\n"
     "> 6228480402564890018 覃明 桂林银行 - 12000.00\n"},
    {"我叫黄丽，身份证号450103199001011238，电话13977110001，住南宁市青秀区民族大道100号1栋2单元301房，损失共计86500元"
     "。",
     "name own 黄丽\n"
     "identity 450103199001011238\n"
     "phone 13977110001\n"
     "amount total 86500.00\n"},
    {"我叫赵小满，手机13977115826，住青秀区。有人拉我刷单返利，刚才09点30分我从6299017972312016536转了124000元到对方账"
     "户"
     "6299014744145595272，转完就联系不上了",
     "name own 赵小满\n"
     "phone 13977115826\n"
     "time 2026-11-25 11:00:00\n"
     "time 2026-11-25 09:30:00\n"
     "card own 6299017972312016536\n"
     "amount paid 124000.00\n"
     "card paid 6299014744145595272\n"
     "> 6299014744145595272 - - 2026-11-25 09:30:00 124000.00\n"},
    {"今天上午9点40分被骗向李四账户6228480402564890018转了5万元，后又向6222021234567890128转了12000元",
     "time 2026-11-25 09:40:00\n"
     "name 李四\n"
     "card paid 6228480402564890018\n"
     "amount paid 50000.00\n"
     "card paid 6222021234567890128\n"
     "amount paid 12000.00\n"
     "> 6228480402564890018 李四 - 2026-11-25 09:40:00 50000.00\n"
     "> 6222021234567890128 - - 2026-11-25 09:40:00 12000.00\n"},
    {"从我的工行卡6222022001123456788转了3万到6217003300123456787，户名王芳",
     "bank 中国工商银行\n"
     "card own 6222022001123456788\n"
     "amount paid 30000.00\n"
     "card 6217003300123456787\n"
     "name 王芳\n"
     "> 6217003300123456787 王芳 - - 30000.00\n"},
    {"付款人：莫小燕 付款账号：6217003300123456787 收款人：深圳市腾飞科技有限公司 收款账号：755900123410801 "
     "开户行：招商银行深圳分行 金额：人民币 贰万元整（¥20,000.00）",
     "name own 莫小燕\n"
     "card own 6217003300123456787\n"
     "name 深圳市腾飞科技有限公司\n"
     "account paid 755900123410801\n"
     "bank 招商银行\n"
     "amount 20000.00\n"
     "> 755900123410801 深圳市腾飞科技有限公司 招商银行 - 20000.00\n"},
    {"第一笔49999元转到6228480402564890018，户名陈某强，第二笔3.5万转到中国银行6216613300001234567 "
     "户名刘洋，第三笔也是35000转到刘洋的账户",
     "amount paid 49999.00\n"
     "card paid 6228480402564890018\n"
     "name 陈某强\n"
     "amount paid 35000.00\n"
     "bank 中国银行\n"
     "card paid 6216613300001234567\n"
     "name 刘洋\n"
     "amount paid 35000.00\n"
     "name 刘洋\n"
     "> 6228480402564890018 陈某强 - - 49999.00\n"
     "> 6216613300001234567 刘洋 中国银行 - 35000.00\n"
     "> 6216613300001234567 刘洋 中国银行 - 35000.00\n"},
    {"被骗了12万！今天早上9点到10点之间，陆续转了5笔，每笔2万4，都是转到6228480402564890018 张伟 农行",
     "amount total 120000.00\n"
     "time 2026-11-25 09:00:00\n"
     "amount paid 24000.00\n"
     "card paid 6228480402564890018\n"
     "name 张伟\n"
     "bank 中国农业银行\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-25 09:00:00 24000.00\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-25 09:00:00 24000.00\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-25 09:00:00 24000.00\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-25 09:00:00 24000.00\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-25 09:00:00 24000.00\n"},
    {"微信零钱转走3笔，分别是1000、1999、5000，11/24 22:10左右", "bank 微信支付\n"
                                                                 "amount paid 1000.00\n"
                                                                 "amount paid 1999.00\n"
                                                                 "amount paid 5000.00\n"
                                                                 "time 2026-11-24 22:10:00\n"
                                                                 "> - - 微信支付 2026-11-24 22:10:00 1000.00\n"
                                                                 "> - - 微信支付 2026-11-24 22:10:00 1999.00\n"
                                                                 "> - - - 2026-11-24 22:10:00 5000.00\n"},
    {"转账5000元 5000元", "amount paid 5000.00\n"
                          "amount paid 5000.00\n"
                          "> - - - - 5000.00\n"
                          "> - - - - 5000.00\n"},
    {"被骗了12万！对方账号是6228480402564890018。", "amount total 120000.00\n"
                                                    "card paid 6228480402564890018\n"
                                                    "> 6228480402564890018 - - - 120000.00\n"},
    {"2026-11-25 08:15 转出 ¥3000.00 至 张三丰(6228****0018) 2026-11-25 08:17 转出 ¥4500.00 至 李逵(6217 **** "
     "4567)，预留手机139****0001",
     "time 2026-11-25 08:15:00\n"
     "amount paid 3000.00\n"
     "name 张三丰\n"
     "tail paid 0018\n"
     "time 2026-11-25 08:17:00\n"
     "amount paid 4500.00\n"
     "name 李逵\n"
     "tail paid 4567\n"
     "> - 张三丰 - 2026-11-25 08:15:00 3000.00\n"
     "> - 李逵 - 2026-11-25 08:17:00 4500.00\n"},
    {"本人苏梅芳，身份证45012319870615002X，15277001234，住兴宁区朝阳路8号。今日上午10:02建行手机银行被转走199,"
     "800元，对方户名：赖某平，对方账户：6215340302000123456（光大银行）",
     "name own 苏梅芳\n"
     "identity 45012319870615002X\n"
     "phone 15277001234\n"
     "time 2026-11-25 10:02:00\n"
     "bank 中国建设银行\n"
     "amount paid 199800.00\n"
     "name 赖某平\n"
     "card paid 6215340302000123456\n"
     "bank 中国光大银行\n"
     "> 6215340302000123456 赖某平 中国光大银行 2026-11-25 10:02:00 199800.00\n"},
    {"我转了两次，早上8点转了一万五，8点20又转了二万，九点二十五再转3千，都是转到工商银行6222 0212 3456 7890 128 "
     "何志远",
     "time 2026-11-25 08:00:00\n"
     "amount paid 15000.00\n"
     "time 2026-11-25 08:20:00\n"
     "amount paid 20000.00\n"
     "time 2026-11-25 09:25:00\n"
     "amount paid 3000.00\n"
     "bank 中国工商银行\n"
     "card paid 6222021234567890128\n"
     "name 何志远\n"
     "> 6222021234567890128 何志远 中国工商银行 2026-11-25 08:00:00 15000.00\n"
     "> 6222021234567890128 何志远 中国工商银行 2026-11-25 08:20:00 20000.00\n"
     "> 6222021234567890128 何志远 中国工商银行 2026-11-25 09:25:00 3000.00\n"},
    {"对方说刷流水，先让我给 6228480402564890018（李小红 农业银行）转1000，返了1200；第三次转了5万到62284804 "
     "02564890018没返",
     "card paid 6228480402564890018\n"
     "name 李小红\n"
     "bank 中国农业银行\n"
     "amount paid 1000.00\n"
     "amount received 1200.00\n"
     "amount paid 50000.00\n"
     "card 6228480402564890018\n"
     "> 6228480402564890018 李小红 中国农业银行 - 1000.00\n"
     "> 6228480402564890018 - - - 50000.00\n"},
    {"我是王小明，手机13977110001，我是高中生，被骗了。", "name own 王小明\nphone 13977110001\n"},
    {"身份证45010319880808103x，手机 139 7711 0001，+86 "
     "138-0013-8000，座机0771-5551234，(0771)5551234，客服400-820-8820，拨打95588。",
     "identity 45010319880808103X\n"
     "phone 13977110001\n"
     "phone 13800138000\n"
     "landline 07715551234\n"
     "landline 07715551234\n"
     "landline 4008208820\n"
     "landline 95588\n"},
    {"对方微信号：wxid_abc123，QQ：123456789，QQ群 "
     "987654321，让我下载https://app.fake-shop.top/dl?id=12，网址www.abc888.cc，邮箱a.b@163.com。",
     "wechat wxid_abc123\n"
     "qq 123456789\n"
     "qq 987654321\n"
     "url https://app.fake-shop.top/dl?id=12\n"
     "url www.abc888.cc\n"
     "email a.b@163.com\n"},
    {"USDT转到TRC20地址TE7Ut7NwLifP2XPdtz761z57MkEWJUTu7m，一共500USDT，另外0x52908400098527886E0F7030069857D2E4169EE7"
     "和1FmWk6GcqVUkLBzV3RacSKPT5S9s6Ta5Sc。",
     "wallet TE7Ut7NwLifP2XPdtz761z57MkEWJUTu7m\n"
     "coins 500USDT\n"
     "wallet 0x52908400098527886E0F7030069857D2E4169EE7\n"
     "wallet 1FmWk6GcqVUkLBzV3RacSKPT5S9s6Ta5Sc\n"},
    {"２０２６年１１月２４日１５时３０分，我向卡号６２２８４８０４０２５６４８９００１８转账￥５０００元。",
     "time 2026-11-24 15:30:00\n"
     "card paid 6228480402564890018\n"
     "amount paid 5000.00\n"
     "> 6228480402564890018 - - 2026-11-24 15:30:00 5000.00\n"},
    {"2026-11-24 09:15:33 转账30000.00元 对方账号6222022001123456788 对方户名 南宁市某某商贸有限公司\n2026-11-24 "
     "09:20:01 转账20000.00元 对方账号6228480402564890018 对方户名 韦大强",
     "time 2026-11-24 09:15:33\n"
     "amount paid 30000.00\n"
     "card paid 6222022001123456788\n"
     "name 南宁市某某商贸有限公司\n"
     "time 2026-11-24 09:20:01\n"
     "amount paid 20000.00\n"
     "card paid 6228480402564890018\n"
     "name 韦大强\n"
     "> 6222022001123456788 南宁市某某商贸有限公司 - 2026-11-24 09:15:33 30000.00\n"
     "> 6228480402564890018 韦大强 - 2026-11-24 09:20:01 20000.00\n"},
    {"分别向6222022001123456788转3万、向6228480402564890018转2万，还向6217850000123456787转了五千块。",
     "card paid 6222022001123456788\n"
     "amount paid 30000.00\n"
     "card paid 6228480402564890018\n"
     "amount paid 20000.00\n"
     "card paid 6217850000123456787\n"
     "amount paid 5000.00\n"
     "> 6222022001123456788 - - - 30000.00\n"
     "> 6228480402564890018 - - - 20000.00\n"
     "> 6217850000123456787 - - - 5000.00\n"},
    {"我今年35岁，有3个孩子，欠了5000美元，等了20分钟，订单号6222022001123456788，快递单号202605241020。",
     "coins 5000美元\n"},
    {"昨晚8点半通过手机银行转账人民币壹万贰仟元整到对方账户（平安银行 6221880001234567898 户名陆某某）",
     "time 2026-11-24 20:30:00\n"
     "amount paid 12000.00\n"
     "bank 平安银行\n"
     "card paid 6221880001234567898\n"
     "name 陆某某\n"
     "> 6221880001234567898 陆某某 平安银行 2026-11-24 20:30:00 12000.00\n"},
    {"大前天转了2k，前天转了3w5，今早又转了一百五十块五毛。", "time 2026-11-22\n"
                                                              "amount paid 2000.00\n"
                                                              "time 2026-11-23\n"
                                                              "amount paid 35000.00\n"
                                                              "time 2026-11-25\n"
                                                              "amount paid 150.50\n"
                                                              "> - - - 2026-11-22 2000.00\n"
                                                              "> - - - 2026-11-23 35000.00\n"
                                                              "> - - - 2026-11-25 150.50\n"},
    {"凌晨两点多他让我把钱打到安全账户，卡主是欧阳修，账号：20110001040012345，开户行：南宁农商银行",
     "time 2026-11-25 02:00:00\n"
     "name 欧阳修\n"
     "account 20110001040012345\n"
     "bank 南宁农商银行\n"},
    {"上周五下午四点十五分，被骗3,500.5元；本月3号被骗800元；5月24号转了600元", "time 2026-11-20 16:15:00\n"
                                                                                "amount total 3500.50\n"
                                                                                "time 2026-11-03\n"
                                                                                "amount total 800.00\n"
                                                                                "time 2026-05-24\n"
                                                                                "amount paid 600.00\n"
                                                                                "> - - - 2026-05-24 600.00\n"},
    {"刚才给李建国转账2万元，10分钟前又给他微信转账500块", "time 2026-11-25 11:00:00\n"
                                                           "name 李建国\n"
                                                           "amount paid 20000.00\n"
                                                           "time 2026-11-25 10:50:00\n"
                                                           "bank 微信支付\n"
                                                           "amount paid 500.00\n"
                                                           "> - 李建国 微信支付 2026-11-25 11:00:00 20000.00\n"
                                                           "> - 李建国 微信支付 2026-11-25 10:50:00 500.00\n"},
    {"交易流水号：20261124103055123456，交易时间：20261124103055，交易金额：RMB "
     "12,345.67，付款账号6217003300123456787，收款账号6228480402564890018，收款人：刘备",
     "time 2026-11-24 10:30:55\n"
     "amount paid 12345.67\n"
     "card own 6217003300123456787\n"
     "card paid 6228480402564890018\n"
     "name 刘备\n"
     "> 6228480402564890018 刘备 - 2026-11-24 10:30:55 12345.67\n"},
    {"后来又转了两笔，一笔4.5万，一笔12,800.50元，转到6228480402564890018", "amount paid 45000.00\n"
                                                                            "amount paid 12800.50\n"
                                                                            "card paid 6228480402564890018\n"
                                                                            "> 6228480402564890018 - - - 45000.00\n"
                                                                            "> 6228480402564890018 - - - 12800.50\n"},
    {"给6222021234567890128、6217003300123456787和６２２８４８０４０２５６４８９００１８各转了1万元。",
     "card paid 6222021234567890128\n"
     "card 6217003300123456787\n"
     "card 6228480402564890018\n"
     "amount paid 10000.00\n"
     "> 6222021234567890128 - - - 10000.00\n"
     "> 6217003300123456787 - - - 10000.00\n"
     "> 6228480402564890018 - - - 10000.00\n"},
    {"共有3万人参加，每人1000元，卡里有一百万", "amount 1000.00\n"},
    {"对方账户名：深圳市前海某科技有限公司，账号：4000 0231 0920 0123 456，开户行：工商银行深圳前海支行，转账5万元整。",
     "name 深圳市前海某科技有限公司\n"
     "account 4000023109200123456\n"
     "bank 中国工商银行\n"
     "amount paid 50000.00\n"
     "> 4000023109200123456 深圳市前海某科技有限公司 中国工商银行 - 50000.00\n"},
    {"有5000元被转走了！", "amount paid 5000.00\n"
                           "> - - - - 5000.00\n"},
    {"我的银行账户被转出了3000元", "amount paid 3000.00\n"
                                   "> - - - - 3000.00\n"},
    {"这笔一千元的转账是在今天上午十点零三分进行的", "amount paid 1000.00\n"
                                                     "time 2026-11-25 10:03:00\n"
                                                     "> - - - 2026-11-25 10:03:00 1000.00\n"},
    {"你现在就转3000块到这个账户上", "amount paid 3000.00\n"
                                     "> - - - - 3000.00\n"},
    {"您可以先尝试转账1元，日赚几百元", "amount paid 1.00\n"
                                        "> - - - - 1.00\n"},
    {"充值50万可以送你40万", "amount paid 500000.00\n"
                             "> - - - - 500000.00\n"},
    {"大概有十万元左右", "amount 100000.00\n"},
    {"转账：30000 时间：11/24 10:05 卡号：6228480402564890018",
     "amount paid 30000.00\n"
     "time 2026-11-24 10:05:00\n"
     "card 6228480402564890018\n"
     "> 6228480402564890018 - - 2026-11-24 10:05:00 30000.00\n"},
    {"我从支付宝转给微信好友阿明3次，每次2000，一共6000。", "bank 支付宝\n"
                                                            "amount paid 2000.00\n"
                                                            "amount total 6000.00\n"
                                                            "> - - 支付宝 - 2000.00\n"
                                                            "> - - 支付宝 - 2000.00\n"
                                                            "> - - 支付宝 - 2000.00\n"},
    {"转给户名为 买买提·艾山 的账户 6222022001123456788 8千块。", "name 买买提·艾山\n"
                                                                  "card 6222022001123456788\n"
                                                                  "amount 8000.00\n"
                                                                  "> 6222022001123456788 买买提·艾山 - - 8000.00\n"},
    {"11月25日9:30，李某接到冒充京东客服电话，称需关闭百万保障，后通过共享屏幕向陈某尾号8899的建行卡转账49999元。",
     "time 2026-11-25 09:30:00\n"
     "name 陈某\n"
     "tail paid 8899\n"
     "bank 中国建设银行\n"
     "amount paid 49999.00\n"
     "> - 陈某 中国建设银行 2026-11-25 09:30:00 49999.00\n"},
    {"通过网银向开户行为中国邮政储蓄银行，卡号为6217 9955 0001 2345 678，名字叫农秀英的人汇款了4.98万元",
     "bank 中国邮政储蓄银行\n"
     "card 6217995500012345678\n"
     "name 农秀英\n"
     "amount paid 49800.00\n"
     "> 6217995500012345678 农秀英 中国邮政储蓄银行 - 49800.00\n"},
    {"借款平台说要先交认证金6000，再交保证金12000，都转到6222022001123456788",
     "amount paid 6000.00\n"
     "amount paid 12000.00\n"
     "card paid 6222022001123456788\n"
     "> 6222022001123456788 - - - 6000.00\n"
     "> 6222022001123456788 - - - 12000.00\n"},
    {"今天转了1万，昨天转了2万，前天转了3万，全部转到张伟的农行卡6228480402564890018",
     "time 2026-11-25\n"
     "amount paid 10000.00\n"
     "time 2026-11-24\n"
     "amount paid 20000.00\n"
     "time 2026-11-23\n"
     "amount paid 30000.00\n"
     "name 张伟\n"
     "bank 中国农业银行\n"
     "card paid 6228480402564890018\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-25 10000.00\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-24 20000.00\n"
     "> 6228480402564890018 张伟 中国农业银行 2026-11-23 30000.00\n"},
    {"9点10分转5000，9点15分转5000，9点22分转10000到6222022001123456788王强",
     "time 2026-11-25 09:10:00\n"
     "amount paid 5000.00\n"
     "time 2026-11-25 09:15:00\n"
     "amount paid 5000.00\n"
     "time 2026-11-25 09:22:00\n"
     "amount paid 10000.00\n"
     "card 6222022001123456788\n"
     "name 王强\n"
     "> 6222022001123456788 王强 - 2026-11-25 09:10:00 5000.00\n"
     "> 6222022001123456788 王强 - 2026-11-25 09:15:00 5000.00\n"
     "> 6222022001123456788 王强 - 2026-11-25 09:22:00 10000.00\n"},
    {"您好，您的验证码是123456，订单号202611240001234，单价3.5元，共2件。", "amount 3.50\n"},
    {"2026年2月30日转账100元", "amount paid 100.00\n"
                               "> - - - - 100.00\n"},
    {"2月29日转了100元", "time 2024-02-29\n"
                         "amount paid 100.00\n"
                         "> - - - 2024-02-29 100.00\n"},
    {"身份证号450103199001011239，卡号450122198506150027", "identity 450103199001011239\n"
                                                           "identity 450122198506150027\n"},
    {"卡号450103198808081355转账500元", "identity 450103198808081355\n"
                                        "amount paid 500.00\n"
                                        "> - - - - 500.00\n"},
    {"户名王建国，身份证450103198808081355，电话（0771）5551234转801", "name 王建国\n"
                                                                       "identity 450103198808081355\n"
                                                                       "landline 07715551234\n"
                                                                       "amount paid 801.00\n"
                                                                       "> - 王建国 - - 801.00\n"},
    {"13977110001转账5000", "phone 13977110001\n"
                            "amount paid 5000.00\n"
                            "> - - - - 5000.00\n"},
    {"我的电话是13977110001，账号6217003300123456787，给他转了伍万元整", "phone 13977110001\n"
                                                                         "card 6217003300123456787\n"
                                                                         "amount paid 50000.00\n"
                                                                         "> 6217003300123456787 - - - 50000.00\n"},
    {"25日9点转了5万块给卡号6222 0220 0112 3456 788 5000元是手续费",
     "time 2026-11-25 09:00:00\n"
     "amount paid 50000.00\n"
     "card paid 6222022001123456788\n"
     "amount fee 5000.00\n"
     "> 6222022001123456788 - - 2026-11-25 09:00:00 50000.00\n"},
    {"请拨打96110或110，反诈中心提醒您", "landline 96110\n"},
    {"转账金额：¥1,234,567.89元", "amount paid 1234567.89\n"
                                  "> - - - - 1234567.89\n"},
    {"付款12.5元、0.5元", "amount paid 12.50\n"
                          "amount paid 0.50\n"
                          "> - - - - 12.50\n"
                          "> - - - - 0.50\n"},
    {"向对公账户 1101 2345 6789 01234 汇款100万元", "account paid 11012345678901234\n"
                                                    "amount paid 1000000.00\n"
                                                    "> 11012345678901234 - - - 1000000.00\n"},
    {"转了八千八百八十八块八", "amount paid 8888.80\n"
                               "> - - - - 8888.80\n"},
    {"转账二十万零五百元整", "amount paid 200500.00\n"
                             "> - - - - 200500.00\n"},
    {"损失一亿三千万元", "amount total 130000000.00\n"},
    {"本金10万+利息2万，转账12万", "amount paid 120000.00\n"
                                   "> - - - - 120000.00\n"},
    {"¥500 ￥600 RMB700 CNY 800", "amount 500.00\n"
                                  "amount 600.00\n"
                                  "amount 700.00\n"
                                  "amount 800.00\n"},
    {"他说要500，我就转了500", "amount paid 500.00\n"
                               "> - - - - 500.00\n"},
    {"12月1日他转了300（去年）", "time 2025-12-01\n"
                                 "amount paid 300.00\n"
                                 "> - - - 2025-12-01 300.00\n"},
    {"下午2:30转3000，晚上11点又转4000，半夜12点转5000", "time 2026-11-24 14:30:00\n"
                                                         "amount paid 3000.00\n"
                                                         "time 2026-11-24 23:00:00\n"
                                                         "amount paid 4000.00\n"
                                                         "time 2026-11-25 00:00:00\n"
                                                         "amount paid 5000.00\n"
                                                         "> - - - 2026-11-24 14:30:00 3000.00\n"
                                                         "> - - - 2026-11-24 23:00:00 4000.00\n"
                                                         "> - - - 2026-11-25 00:00:00 5000.00\n"},
    {"QQ:10001 微信：zhangsan_01 支付宝账号：13977110001", "qq 10001\n"
                                                           "wechat zhangsan_01\n"
                                                           "bank 支付宝\n"
                                                           "phone 13977110001\n"},
    {"加我v信abc-12345，扣扣:88888888", "wechat abc-12345\n"
                                        "qq 88888888\n"},
    {"邮箱zhang.san@qq.com，网站abc123.xyz/login?a=1，下载地址 http://1.2.3.4:8080/a.apk",
     "email zhang.san@qq.com\n"
     "url abc123.xyz/login?a=1\n"
     "url http://1.2.3.4:8080/a.apk\n"},
    {"转至TRX地址TE7Ut7NwLifP2XPdtz761z57MkEWJUTu7n", "wallet TE7Ut7NwLifP2XPdtz761z57MkEWJUTu7n\n"},
    {"尾号5678的卡收到返利88元，随后提现成功", "tail 5678\n"
                                               "amount received 88.00\n"},
    {"骗子叫我把钱转给“李娜”，卡号是6217850000123456787（中信银行），我转了49,999.00",
     "name 李娜\n"
     "card paid 6217850000123456787\n"
     "bank 中信银行\n"
     "amount paid 49999.00\n"
     "> 6217850000123456787 李娜 中信银行 - 49999.00\n"},
    {"订单6228480402564890018，运单号6222022001123456788", ""},
    {"向收款人：广西某某商贸有限公司，开户行：北部湾银行南宁青秀支行，账号：800112345678901，转账18.8万元",
     "name 广西某某商贸有限公司\n"
     "bank 北部湾银行\n"
     "account 800112345678901\n"
     "amount paid 188000.00\n"
     "> 800112345678901 广西某某商贸有限公司 北部湾银行 - 188000.00\n"},
    {"今天9时到10时共转3次，每次1万元", "time 2026-11-25 09:00:00\n"
                                        "amount total 10000.00\n"},
};

/* Wednesday, 2026-11-25 11:00 in Shanghai. */
static int64_t reference(void) {
    int64_t ms = 0;
    assert_true(time_parse(TEXT("2026-11-25 11:00:00"), TIME_SHANGHAI_OFFSET_MS, &ms));
    return ms;
}

static void texts_are_read(void **state) {
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        arena a = {0};
        text_writer w = {0};
        sluice_error error = {0};
        extract_result r;
        assert_int_equal(extract_text(text_of(TEXTS[i].text), reference(), &a, &r, &error), SLUICE_OK);
        extract_show(&w, &r);
        const char *found = w.data == NULL ? "" : w.data;
        if (strcmp(found, TEXTS[i].found) != 0) {
            print_error("%s\nexpected:\n%sfound:\n%s\n", TEXTS[i].text, TEXTS[i].found, found);
            failed++;
        }
        text_writer_fini(&w);
        arena_fini(&a);
    }
    assert_int_equal(failed, 0);
}

/* Every item stands where it says. */
static void places_are_bytes_of_the_text(void **state) {
    (void)state;
    arena a = {0};
    sluice_error error = {0};
    extract_result r;
    sluice_text text = TEXT("我转了５０００元到6228 4804 0256 4890 018（户名：张三）");
    assert_int_equal(extract_text(text, reference(), &a, &r, &error), SLUICE_OK);
    static const char *const PARTS[] = {"５０００元", "6228 4804 0256 4890 018", "张三"};
    static const bool CHECKED[] = {false, true, false};
    assert_int_equal(r.item_count, 3);
    for (size_t i = 0; i < 3; i++) {
        sluice_text part = {text.data + r.items[i].from, r.items[i].to - r.items[i].from};
        assert_true(text_equal(part, text_of(PARTS[i])));
        assert_int_equal(r.items[i].is_checked, CHECKED[i]);
    }
    assert_int_equal(r.items[0].number, 500000);
    assert_true(text_equal(r.items[1].value, TEXT("6228480402564890018")));
    arena_fini(&a);
}

/* An identity number is never a card, whatever stands before it, and one whose check fails is less sure. */
static void identity_numbers_are_no_cards(void **state) {
    (void)state;
    static const char *const TEXTS_OF[] = {"卡号450103198808081355", "450103199001011238", "账号 450122198506150027",
                                           "4501 0319 9001 0112 38"};
    for (size_t i = 0; i < sizeof TEXTS_OF / sizeof *TEXTS_OF; i++) {
        arena a = {0};
        sluice_error error = {0};
        extract_result r;
        assert_int_equal(extract_text(text_of(TEXTS_OF[i]), reference(), &a, &r, &error), SLUICE_OK);
        assert_int_equal(r.item_count, 1);
        assert_int_equal(r.items[0].kind, EXTRACT_IDENTITY);
        assert_true(r.items[0].is_checked);
        arena_fini(&a);
    }
}

static void render(void **state) {
    (void)state;
    arena a = {0};
    text_writer w = {0};
    sluice_error error = {0};
    extract_result r;
    json_document d = {0};
    sluice_text text = TEXT("😀转账5000元到6228480402564890018");
    assert_int_equal(extract_text(text, reference(), &a, &r, &error), SLUICE_OK);
    yyjson_mut_val *root = json_begin(&d);
    extract_render(&d, root, text, &r);
    assert_int_equal(json_end_line(&d, &w, &error), SLUICE_OK);
    assert_string_equal(
        w.data,
        "{\"items\":[{\"kind\":\"amount\",\"value\":\"5000.00\",\"confidence\":95,\"is_checked\":false,\"from\":10,"
        "\"to\":17,\"utf16_from\":4,\"utf16_to\":9,\"role\":\"paid\",\"amount_fen\":500000},"
        "{\"kind\":\"card\",\"value\":\"6228480402564890018\",\"confidence\":97,\"is_checked\":true,\"from\":20,"
        "\"to\":39,\"utf16_from\":10,\"utf16_to\":29}],"
        "\"transfers\":[{\"to\":\"account:6228480402564890018\",\"amount_fen\":500000,\"confidence\":95}],"
        "\"is_cut\":false}\n");
    text_writer_fini(&w);
    arena_fini(&a);
}

static void limits_hold(void **state) {
    (void)state;
    static char text[EXTRACT_BYTES_MAX + 1];
    arena a = {0};
    sluice_error error = {0};
    extract_result r;
    memset(text, '1', sizeof text);
    assert_int_equal(extract_text((sluice_text){text, sizeof text}, reference(), &a, &r, &error), SLUICE_E_LIMIT);
    /* More than there is room for is cut, and said to be. */
    for (size_t i = 0; i + 8 <= EXTRACT_BYTES_MAX; i += 8) {
        memcpy(text + i, "RMB5000\n", 8);
    }
    assert_int_equal(extract_text((sluice_text){text, EXTRACT_BYTES_MAX}, reference(), &a, &r, &error), SLUICE_OK);
    assert_true(r.is_cut);
    assert_int_equal(r.item_count, EXTRACT_ITEMS_MAX);
    arena_fini(&a);
    assert_int_equal(extract_text((sluice_text){NULL, 0}, reference(), &a, &r, &error), SLUICE_OK);
    assert_int_equal(r.item_count, 0);
    arena_fini(&a);
}

/* Whichever allocation fails, it says so and nothing breaks. */
static void exhausted_memory_is_an_error(void **state) {
    (void)state;
    sluice_text text = text_of(TEXTS[0].text);
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t allowed = 0; result == SLUICE_E_NO_MEMORY; allowed++) {
        arena a = {0};
        sluice_error error = {0};
        extract_result r;
        memory_fail_after(allowed);
        result = extract_text(text, reference(), &a, &r, &error);
        memory_fail_after(-1);
        arena_fini(&a);
    }
    assert_int_equal(result, SLUICE_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read),
        cmocka_unit_test(places_are_bytes_of_the_text),
        cmocka_unit_test(identity_numbers_are_no_cards),
        cmocka_unit_test(render),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(exhausted_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
