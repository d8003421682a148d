/// Chinese words for names that contracts often give, for pages without a word list; no two of them read alike.
///
/// Only a whole name is looked up: what a longer one means is for its author to say.
enum Glossary {
    static func chinese(_ name: String) -> String? { words[name] }

    private static let words = roles.merging(fields) { first, _ in first }.merging(states) { first, _ in first }
        .merging(actions) { first, _ in first }

    private static let roles = [
        "Doctor": "医生", "Nurse": "护士", "Pharmacist": "药师", "Surgeon": "外科医生", "Physician": "内科医生",
        "Patient": "患者", "Clerk": "经办人", "Officer": "主管人员", "Cashier": "出纳", "Treasurer": "司库",
        "Accountant": "会计", "President": "院长", "Director": "主任", "Head": "负责人", "Matron": "护士长",
        "Registrar": "登记员", "Reviewer": "审核人", "Auditor": "审计员", "Insurer": "保险机构", "Provider": "服务机构",
        "Hospital": "医院", "Clinic": "诊所", "Supplier": "供应商", "Engineer": "工程师", "Administrator": "管理员",
        "Storekeeper": "保管员", "Requester": "申请人", "Applicant": "申办人", "Approver": "审批人", "Visitor": "访客",
        "Member": "参保人", "Claim": "理赔", "Referral": "转诊", "Medicine": "药品", "Item": "项目", "Line": "明细行",
    ]

    private static let fields = [
        "amount": "金额", "price": "单价", "fee": "费用", "total": "合计", "balance": "余额", "limit": "限额",
        "budget": "预算", "share": "比例", "rate": "费率", "count": "数量", "number": "编号", "quantity": "件数",
        "code": "代码", "name": "名称", "title": "标题", "reason": "事由", "comment": "备注", "remark": "说明",
        "description": "描述", "purpose": "用途", "date": "日期", "day": "日", "month": "月份", "year": "年份",
        "days": "天数", "hours": "小时数", "age": "年龄", "born": "出生日期", "sex": "性别", "patient": "病人",
        "doctor": "接诊医生", "nurse": "责任护士", "requester": "申请者", "payee": "收款方", "payer": "付款方",
        "provider": "提供机构", "sender": "转出方", "receiver": "接收方", "department": "科室", "ward": "病区",
        "hospital": "所在医院", "organisation": "所属机构", "urgency": "紧急程度", "diagnosis": "诊断",
        "medicine": "药物", "dose": "剂量", "lines": "明细", "invoice": "发票", "report": "报告", "document": "文书",
        "opened": "开立日期", "expires": "到期日", "until": "截止日", "payable": "应付金额", "due": "到期应付",
        "category": "类别", "kind": "种类", "tier": "等级", "plan": "方案", "status": "情况", "signatures": "签字要求",
        "quorum": "签字人数", "answer": "答复期限", "what": "事项", "item": "物品", "size": "规格", "visit": "就诊",
    ]

    private static let states = [
        "requested": "已申请", "submitted": "已提交", "filed": "已受理", "ordered": "已下单", "asked": "已提出",
        "approved": "已批准", "agreed": "已同意", "accepted": "已接受", "rejected": "已驳回", "refused": "已拒绝",
        "denied": "不予通过", "pended": "待复核", "pending": "待处理", "waiting": "等待中", "held": "已搁置",
        "paid": "已支付", "settled": "已结算", "billed": "已开单", "delivered": "已交付", "dispensed": "已发药",
        "booked": "已预约", "seen": "已就诊", "sent": "已发出", "withdrawn": "已撤回", "cancelled": "已取消",
        "expired": "已失效", "lapsed": "已过期", "closed": "已关闭", "open": "处理中", "done": "已完成",
        "dropped": "已放弃", "planned": "已排定", "answered": "已答复", "served": "已送达", "routine": "常规",
        "urgent": "紧急", "lifeThreatening": "危及生命", "primary": "一级", "secondary": "二级", "tertiary": "三级",
        "small": "小", "medium": "中", "large": "大",
    ]

    private static let actions = [
        "request": "申请", "submit": "提交", "file": "受理", "order": "下单", "ask": "提出", "claim": "申报",
        "approve": "批准", "accept": "接受", "reject": "驳回", "refuse": "拒绝", "decline": "否决", "pay": "支付",
        "settle": "结算", "bill": "开单", "deliver": "交付", "dispense": "发药", "prescribe": "开方", "book": "预约",
        "see": "接诊", "send": "发出", "withdraw": "撤回", "cancel": "取消", "close": "关闭", "drop": "放弃",
        "amend": "更正", "correct": "更改", "review": "复核", "refer": "转介", "admit": "收治", "discharge": "出院",
        "consent": "同意", "funding": "拨款", "ratification": "事后追认", "screening": "审查",
    ]
}
