"""Read which of some choices an answer means."""

from __future__ import annotations

import re

from bot.services.intake.readers import fold

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}

MEANS = ("post", "phone", "email", "sms", "line")
_MEANS = {
    "post": "はがき|葉書|(?<![a-z])dm(?![a-z])|だいれくとめーる|郵便|手紙|てがみ|封書|封筒|ちらし|かたろぐ|郵送|ぽすと|"
    "印刷物|(?<!折り)紙",
    "phone": "電話|でんわ|(?<![a-z])tel|着信|こーるせんたー",
    "email": "(?<!だいれくと)(?<!しょーと)めーる|(?<![a-z])e?-?mail|めるまが|にゅーすれたー|めあど",
    "sms": "(?<![a-z])sms|しょーとめ",
    "line": "(?<![a-z])line(?![a-z])|(?<!おん)らいん(?!なっぷ|あっぷ)",
}
_ALL = re.compile("全部|ぜんぶ|すべて|全て|一切|いっさい|何もかも|どれも|みんな|まるごと|一式|なんでも")
_ONLY = "だけ(?:を|は)?(?:や|止|と|停|け|お断|ご遠慮|拒否)"
_WANTED = (
    "(?:なら|は|だけ|のみ|で)(?:いい|良い|ok|おーけー|構わ|かまわ|続け|送って(?!こ)|そのまま|に(?:して|し|変|かえ|切))"
)
_NOT_BUT = re.compile("^.*?(?:じゃなく|ではなく|でなく)て?")

_PAPER = re.compile("紙|書面|郵送|郵便|はがき|印刷|ぷりんと|手紙|書類")
_ELECTRONIC = re.compile("電子|でーた|めーる|pdf|おんらいん|ねっと|だうんろーど|すまほ|ぱそこん|csv|ふぁいる")
_EITHER = re.compile("どちらでも|どっちでも|お?任せ|おまかせ")

_GO_ON = re.compile(
    "(?:止め|とめ|やめ|停止し)ない|続け|つづけ|必要|要る|いる(?:$|[。!])|ほしい|欲しい|(?:送|おく)って(?!こな|くるな|くんな|こん)|"
    "残し|そのまま|もらいたい|受け取"
)
_STOP = re.compile(
    "止め|とめ|やめ|停止|いら[なんね]|いりません|要らな|要らん|要りません|不要|(?:送|おく)らな|結構|けっこう|それも|拒否"
)
_YES = re.compile(
    "^(?:はい|うん|ええ|そう(?:です|して)?|ok|おk|おけ|りょ|お願い(?:します)?|おねがい(?:します)?|いいです|いいよ|良いです)"
)
_NO = re.compile("^(?:いいえ|いえ|ううん|ちが|違|だめ|no(?![a-z])|いや)")
_SEND = re.compile(
    "^(?:(?:はい|では|じゃあ|うん|これで|この内容で|内容は|それで)[、。,\\s]*)*"
    "(?:送信|送って|おくって|そうしん|申し込|もうしこ|提出|確定|いい|お願い|おねがい|間違い(?:あり|な)|まちがい(?:あり|な)|大丈夫|合って)"
)
_SUBMIT = re.compile("送信|そうしん|提出|確定|(?:送|おく)って")
_NOT_YET = re.compile("送信しない|送らない|まだ|(?:間違い|まちがい)(?:があ|あり$)")
_TAKE_BACK = re.compile("取り?下げ|とりさげ|取り?消|とりけ|撤回")
_WITHDRAW = re.compile(f"{_TAKE_BACK.pattern}|はい|うん|お願い|おねがい|ok")
_STAY = re.compile(
    "(?<!手)続き|続け|つづ|(?:この|その)まま|戻|もど|(?:いま|今)の(?:手続|ほう|方|まま|で)|が先|を先|先に(?!消|け)|"
    "(?:やめ|とりやめ|取りやめ|切り?替え|中止し|きゃんせるし|取り消さ|取り下げ)(?:な[いかく]|ま?せん|ず|んで)|"
    "(?:切り?替え|きりかえ)は?(?:やめ|しな|いら|不要)"
)
_SWITCH = re.compile(
    "(?:切り?替え|きりかえ)(?!な[いか]|ま?せん|ず|は?やめ|はしな|は?いら|は?不要)|変える|新し|始め|はじめ|そちら|そっち"
)

_UNKNOWN = re.compile(
    "わから|分から|判ら|わかん|不明|忘れ|わすれ|おぼえて|覚えて|持って(?:い)?な|^(?:ない|なし|無い|ありません|ないです|すきっぷ)[。]?$"
)
_LACKED = (
    "[^。]{0,10}(?:(?<![しこ来かせ])な[いか]|ね[えぇ]|ありません|ございません|持って(?:い)?ませ?ん)"
    "(?:です|んです|けど|よ|の|[。!])*$"
)
_NO_CONTACT = re.compile(f"連絡先{_LACKED}")
_NO_PHONE = re.compile(f"(?:電話|でんわ|携帯|けーたい|めーる|あどれす|すまほ){_LACKED}")
_NOTHING = re.compile(
    "^(?:特に|とくに|べつに|別に)(?:[。、!]|$)|^(?:特に|とくに|べつに|別に|理由は)?(?:ない|なし|無し|ありません|ないです|言いたくない|答えたくない)"
)
_FORM_ITSELF = (
    "(?:お?手続き?|お?申し?込み?|お?申し?出|申請|請求|入力|開示|訂正|消去|削除|(?:利用|案内の|第三者提供の)停止)"
)
# However these words follow one another, they can be told apart in one way only: two ways each would take for ever.
_SECOND_THOUGHT = (
    "(?:やっぱり?|やはり|もう|すみません|すいません|ごめん(?:なさい)?|申し訳ありません|いや|いえ|では|じゃあ|今回|今日|いったん|一旦|"
    "それ|これ|この|その|(?:いま|今)(?:出した)?|さっき|先ほど|ので(?!は)|の|ほう|方|件|分|は|を|なら|[、, ])"
)
# In a form that stops something, やめて without the form's name asks for that.
_CANCEL = re.compile(
    f"^(?:{_SECOND_THOUGHT}*(?:{_FORM_ITSELF}{_SECOND_THOUGHT}*)?"
    "(?:やめ(?!て(?!お))|中止(?!して)|中断(?!して)|取り?やめ|とりやめ|きゃんせる|取り?消|とりけ|取り?下げ|とりさげ|撤回|破棄)|"
    f"(?:{_SECOND_THOUGHT}*{_FORM_ITSELF}{_SECOND_THOUGHT}*|(?:(?:やっぱり?|やはり|もう)、?)?)(?:やめて|(?:中止|中断)して))"
    "(?!.*(?:な[いかく](?!と)|ま?せん|んで(?!す)|[たっ]ら|れば|場合|ずに|ですか|ますか|のか|[?？]))"
    "(?:[ぁ-んー]|下さい|欲し|頂|願|致|思|事|[、 ]){0,16}[。!]*$"
)
_LATER = re.compile(
    "^(?:(?:やっぱり?|やはり|すみません|ごめん(?:なさい)?|[今いま]+は?|忙しい(?:ので|から)?|じゃあ|では)[、。 ]?)*"
    "(?:あと|後|のち|今度|こんど|また(?:今度|あと|後|明日|こんど))(?:ほど|で|に)?(?:に)?"
    "(?:(?:し|続け|つづけ|やり|書き|かき|連絡し|送り)?ます|する|やる|続ける|書く|お願いします|いいです|いい)?ね?[。!]?$"
)
_AWAY = re.compile(
    "(?:で|から|けど|て)[、。 ]?(?:また)?(?:あと|後|のち)(?:で|ほど)(?:(?:連絡)?します|する|お願いします)?[。!]?$|"
    "(?:聞|き|訊)いて(?:から)?(?:また)?(?:くる|き(?:ます|てから)|来(?:る|ます)|みる|みます)ね?[。!]?$|"
    "(?:確認|相談)して(?:から)?(?:また)?(?:くる|きます|来(?:る|ます)|みる|みます)ね?[。!]?$|"
    "(?:調べて|探して|さがして|見て|取って)(?:から)?(?:また)?(?:くる|きます|来(?:る|ます))ね?[。!]?$|"
    "(?:手元に(?:ない|ありません)|出先|仕事中)[^。]{0,12}(?:あと|後|また)[^。]{0,12}$"
)
_DOUBT = re.compile(
    "(?:やめ|止め|とめ|中止し)(?:よう|よっ|とこう|ておこう|たほうがいい)か|どうしよう|(?:迷|まよ)って|悩んで"
)
_BOTH = re.compile(
    "^(?:両方|りょうほう|どちらも|どっちも|(?:2|二)つ(?:とも)|(?:すべて|全て|全部|ぜんぶ))"
    "(?:とも)?(?:を|で)?(?:お願い(?:します|いたします)?|おねがいします|です|希望(?:します)?)?[。!]?$"
)
_BARE_WISH = re.compile(
    "^(?:やっぱり?|やはり|もう|それ|これ|全部|ぜんぶ|を|、| )*"
    "(?:消して|けして|削除して|消去して|直して|なおして|訂正して|止めて|とめて)"
    "(?:ください|下さい|ほしい|欲しい|もらいたい|くれ|よ|です|んです|けど)*[。!]?$"
)
_GO_ON_NOW = re.compile(
    "^(?:(?:さっき|先ほど|前|手続き)の)*(?:続き|つづき)(?:を|から|で)?(?:お願い(?:します)?|おねがいします|したい(?:です)?|します|です)?[。!]?$"
)
_CHANGE = re.compile(
    "^(?:内容を)?(?:直す|直したい|なおす|直します|訂正(?:する|したい)|修正(?:する|したい)|戻る|もどる|戻って)(?:です)?[。!]?$"
)
_WITHOUT_CODE = re.compile(
    "こーど(?:を使わ|な|は使わ|が使え)|確認こーどなし|担当者(?:が|に|による)(?:確認|本人)|受け取れ[なま]|使え[なま]|使って(?:い)?な|変わっ"
)
_NO_CODE_CAME = re.compile(
    "届か|とどか|届いて(?:い)?な|来な|こな|来ませ|きませ|来て(?:い)?な|再送|もう一度|もういちど|もう一回|もっかい|新しいこーど"
)

_UNWILLING = re.compile("匿名|(?:言|教え|答え|書|出し|伝え).{0,4}たくな")
_ASKING = re.compile(
    "[?？][。!]*$|(?:です|ます|でしょう|の)か[。!]*$|(?:説明し|教え|おしえ)て(?:ください|下さい|ほしい|欲しい|くれ)?[。!]*$"
)
_WHY = re.compile(
    "^(?:なぜ|なんで|どうして|何で)|(?:何|なん)の(?:ため|為)|必要なの|詐欺|さぎ(?:じゃ|では)|怪しい|あやしい"
)
_REMOVAL = re.compile(
    "^(?:.{0,12}を?)?(?:削除|消して|消去|けして|なくして|外して)(?:して|する|ください|ほしい|欲しい|です|お願いします|。)*$"
)

_ITEMS = {
    "email": "めーるあどれす|めあど|めーる|e-?mail",
    "phone": "電話|でんわ|携帯|けーたい|すまほ|番号が変",
    "kana": "ふりがな|読みがな|よみがな|よみかた|読み方",
    "birth_date": "生年月日|誕生日|せいねんがっぴ",
    "plate": "なんばー|車両番号|車の番号|登録番号",
    "address": "住所|じゅうしょ|引っ?越|ひっこし|転居|番地|郵便番号|あて先|宛先",
    "name": "名前|なまえ|氏名|姓|名字|みょうじ|苗字|結婚|宛名|旧姓",
}

_KINDS = {
    "provision_records": "提供記録|記録の開示|誰に渡した|渡した記録",
    "purpose_notification": "利用目的の通知|目的の通知|目的を(?:通知|知らせ)",
    "stop_marketing": "案内|はがき|だいれくとめーる|めるまが|営業|勧誘",
    "stop_provision": "提供の停止|提供停止|第三者|渡さ|共有|共同利用",
    "erasure": "消去|消し|消す|けし|削除|退会|抹消|廃棄",
    "stop_use": "利用停止|利用の停止|使わな|使うな|使うのを",
    "correction": "訂正|直し|直す|なおし|なおす|変更|変え|かえて|修正|追加|更新",
    "disclosure": "開示|見せ|みせ|見たい|みたい|閲覧|知りたい|しりたい|確認したい|教えて|おしえて",
}

_RELATIONS = {
    "legal_agent": "親権|後見|保佐|補助人|法定|保護者|未成年|^親(?:です)?$",
    "heir": "相続|亡く|なくなった|死|故人|遺族",
    "mandated_agent": "委任|頼まれ|たのまれ|代わり|かわり|弁護士|司法書士|行政書士|代理",
}
_RELATIVE = re.compile(
    "(?:(?:本人|名義人)の)?お?(?:息子|娘|子(?:供|ども)?|妻|夫|父親?|母親?|祖父|祖母|孫|兄|姉|弟|妹|甥|姪|叔父|叔母|親戚|親族|家族|友人|知人)(?:さん)?"
)


def spoken(text: str) -> str:
    """Fold a text so that one pattern finds ハガキ, ﾊｶﾞｷ and はがき."""
    return fold(text).lower().translate(_TO_HIRAGANA)


def read_means(text: str) -> tuple[str, ...]:
    """Tell which means of marketing are to stop; `all` alone where no single one is named."""
    said = spoken(text)
    named = [means for means, words in _MEANS.items() if re.search(words, said)]
    only = [means for means in named if re.search(f"(?:{_MEANS[means]}){_ONLY}", said)]
    stopped = only or [means for means in named if not re.search(f"(?:{_MEANS[means]}){_WANTED}", said)]
    if not stopped and _ALL.search(said):
        return ("all",)
    return tuple(means for means in MEANS if means in stopped)


def read_form(text: str) -> str | None:
    """Tell `paper` or `electronic`."""
    said = but_rather(spoken(text))
    paper, electronic = bool(_PAPER.search(said)), bool(_ELECTRONIC.search(said))
    if _EITHER.search(said) or (electronic and not paper):
        return "electronic"
    return "paper" if paper and not electronic else None


def read_keep(text: str) -> str | None:
    """Tell whether inspection notices go on: `yes` or `no`."""
    said = spoken(text)
    if _GO_ON.search(said):
        return "yes"
    if _STOP.search(said):
        return "no"
    return "yes" if _YES.search(said) else "no" if _NO.search(said) else None


def read_item(text: str) -> str | None:
    """Tell which registered item is meant."""
    return _first(_ITEMS, text)


def names_item(item: str, text: str) -> bool:
    """Tell an answer that is the item's own name, not its value: 「電話番号」."""
    return item in _ITEMS and bool(re.fullmatch(f"(?:今の|いまの)?(?:{_ITEMS[item]})(?:番号|ばんごう)?", spoken(text)))


def read_kind(text: str) -> str | None:
    """Tell which type of request is meant."""
    return _first(_KINDS, text)


def read_relation(text: str) -> str | None:
    """Tell what kind of agent somebody is."""
    return _first(_RELATIONS, text)


def is_relative(text: str) -> bool:
    """Tell a word of kinship or acquaintance alone: 「息子」, 「本人の妻」."""
    return bool(_RELATIVE.fullmatch(fold(text)))


def means_all(text: str) -> bool:
    """Tell whether everything is meant."""
    return bool(_ALL.search(spoken(text)))


def means_unknown(text: str) -> bool:
    """Tell whether the customer does not know or have what was asked."""
    return bool(_UNKNOWN.search(spoken(text)))


def means_no_contact(text: str) -> bool:
    """Tell that somebody has no contact at all: 「連絡先はない」."""
    return bool(_NO_CONTACT.search(spoken(text)))


def means_no_phone(text: str) -> bool:
    """Tell that somebody has neither telephone nor e-mail: 「電話もメールもない」."""
    return bool(_NO_PHONE.search(spoken(text)))


def means_nothing(text: str) -> bool:
    """Tell whether the customer has nothing to say to it."""
    return bool(_NOTHING.search(spoken(text)))


def means_removal(text: str) -> bool:
    """Tell that a registered item is to be taken out, not replaced."""
    return bool(_REMOVAL.search(spoken(text)))


def means_yes(text: str) -> bool:
    """Tell a bare yes."""
    return bool(_YES.search(spoken(text)))


def means_no(text: str) -> bool:
    """Tell a bare no."""
    return bool(_NO.search(spoken(text)))


def means_send(text: str) -> bool:
    """Tell whether the summary may be sent."""
    said = spoken(text)
    return bool(_SEND.search(said) or _YES.search(said)) and not _NOT_YET.search(said)


def means_submit(text: str) -> bool:
    """Tell a word of sending, which agrees to a summary and to nothing else."""
    return bool(_SUBMIT.search(spoken(text)))


def means_taking_back(text: str) -> bool:
    """Tell a word that takes back what was sent, or the open form where nothing was."""
    return bool(_TAKE_BACK.search(spoken(text)))


def means_withdraw(text: str) -> bool:
    """Tell a confirmed withdrawal."""
    return bool(_WITHDRAW.search(spoken(text)))


def means_stay(text: str) -> bool:
    """Tell the wish to go on with the open form."""
    return bool(_STAY.search(spoken(text)))


def means_switch(text: str) -> bool:
    """Tell the wish to go over to the other form."""
    return bool(_SWITCH.search(spoken(text)))


def means_cancel(text: str) -> bool:
    """Tell a plain word of giving up the open form, with nothing beside it: 「それはやっぱり取り消します」."""
    return bool(_CANCEL.search(spoken(text)))


def asks_to_stop(text: str) -> bool:
    """Tell a request to stop something, as against the writer's own giving up: 「やめてください」."""
    return bool(re.search("(?:やめ|中止し|中断し)て(?!お)", spoken(text)))


def but_rather(text: str) -> str:
    """Give what is wanted instead: of 「紙じゃなくてデータ」 the second."""
    return _NOT_BUT.sub("", text)


def means_later(text: str) -> bool:
    """Tell the wish to go on another time, said plainly or by what comes first: 「母に聞いてきます」."""
    said = spoken(text)
    return bool(_LATER.search(said) or _AWAY.search(said))


def means_doubt(text: str) -> bool:
    """Tell that somebody thinks about stopping, but hasn't decided: 「やめようかな」."""
    return bool(_DOUBT.search(spoken(text)))


def means_both(text: str) -> bool:
    """Tell that every offered way is wanted."""
    return bool(_BOTH.search(spoken(text)))


def is_bare_wish(text: str) -> bool:
    """Tell a wish without any object: 「消してほしい」."""
    return bool(_BARE_WISH.search(spoken(text)))


def means_go_on(text: str) -> bool:
    """Tell the wish to take up what was left."""
    return bool(_GO_ON_NOW.search(spoken(text)))


def means_change(text: str) -> bool:
    """Tell the bare wish to change an answer."""
    return bool(_CHANGE.search(spoken(text)))


def means_why(text: str) -> bool:
    """Tell the question what something is needed for."""
    return bool(_WHY.search(spoken(text)))


def means_unwilling(text: str) -> bool:
    """Tell that somebody would rather not say what was asked."""
    return bool(_UNWILLING.search(fold(text)))


def means_asking(text: str) -> bool:
    """Tell a question or a wish for an explanation, which is no answer in the customer's own words."""
    return bool(_ASKING.search(fold(text)))


def means_without_code(text: str) -> bool:
    """Tell the wish to go on without a code."""
    return bool(_WITHOUT_CODE.search(spoken(text)))


def means_no_code_came(text: str) -> bool:
    """Tell that the code did not arrive or another one is wanted."""
    return bool(_NO_CODE_CAME.search(spoken(text)))


def _first(table: dict[str, str], text: str) -> str | None:
    said = spoken(text)
    return next((name for name, words in table.items() if re.search(words, said)), None)
