"""Tell by its shape what can only be a name, whatever a model of meanings takes it for."""

from __future__ import annotations

import re

KANJI = "一-龥々〆ヶ㐀-䶿豈-﫿\U00020000-\U0003ffff\U000e0100-\U000e01ef"
"""Of any plane, with the marks that choose one of their shapes."""
_PART = re.compile(
    rf"[{KANJI}]{{1,5}}|[ぁ-んー\u3099]{{1,7}}|[ァ-ヺー\u309a]{{1,12}}|(?![おご])[{KANJI}ぁ-ん]{{1,4}}[{KANJI}]"
)
_LATIN = re.compile(r"[A-Z][A-Za-z.'\-]{0,20}")
_TOGETHER = re.compile(rf"[{KANJI}]{{2,6}}|[ァ-ヺー]{{4,14}}|[{KANJI}]{{1,3}}[ぁ-ん]{{2,3}}[子美]")
_COMPANY = re.compile(
    r"(?:株式会社|有限会社|合同会社|合資会社|法人)[^はをが]{2,}|[^はをが]{2,}(?:株式会社|有限会社|合同会社|合資会社)"
)
# Nouns that stand for wishes, complaints and small talk. 希望 is a given name too, and so counts in first place only.
_WORD = re.compile(
    "請求|開示|削除|消去|訂正|変更|停止|退会|解約|確認|質問|相談|依頼|会社|情報|個人|電話|住所|迷惑|案内|大変|無理|嫌|本人|顧客|"
    "会員|利用|契約|購入|今回|先日|以前|最近|昨日|明日|[客件]$|保険|登録|手続|世話|間違|名前|氏名|匿名|中止|中断|取消|終了|担当|責任|"
    "対応|人間|有人|漏|流出|不正|天気|天候|気温|雑談|最悪|最低|最高|詐欺|馬鹿|阿呆|死|殺|糞|退屈|暇|疲|眠|腹|了解|承知|大丈夫|感謝|"
    "失礼|苦情|文句|冗談|趣味|彼女|彼氏|恋人|料理|映画|音楽|仕事|挨拶|料金|無料|手数|方法|期間|期限|目的|窓口|営業|全員|全部|本当|"
    "残念|不明|未定|同上|以上|省略|秘密|誰|何|貴方|貴様|機械|返事|返答|説明|理由|不要|必要|結構|修正|番号|内容|再開|破棄|離脱|脱退|拒否|不快|不満|不服|是非|一切|至急|早急|即刻|継続|再送|"
    "データ|(?<![アサハジ])メール|ハガキ|コード|テスト|ロボット|キャンセル|オペレータ|センター|サポート|スタッフ|チャット|ストップ|ヘルプ|ボット"
)
_FIRST_WORD = re.compile("希望|^(?:元気|平和|今日|私|僕|俺|君|猫|犬|夏|冬|雨|雪|朝|夜|今|人|声|顔|話)$")
_GIVEN_NAME = re.compile("(?:郎|朗|彦|之)$")
# Words of talk in hiragana, as katakana is compared too.
_TALK = re.compile(
    "^(?:こんに?ち[はわ]|こんばん[はわ]|おはよ|おやすみ|はじめまし|ありがと|さんきゅ|すみませ|すいませ|ごめん|もしもし|さよな|さようなら|"
    "ばいばい|ぐっばい|よろしく|お(?:ねがい|つかれ|せわ|なか|まえ|い$|ーい)|お(?:世話|疲れ|願い|元気)|ただいま|いただき|ごちそう|なるほど|そうな|"
    "そうです|そうか|やっほ|はろ[ーう]|へろー|どうも|どうし|ねえ|へえ|ふーん|うーん|うける|つかれ|ひま[だなで]|ねむ[いた]|うれし|かなし|さびし|"
    "さみし|げんき|てんき|あつい|さむい|おもしろ|すご[いく]|かわい|ばか|あほ|くそ|しね|りょうかい|だいじょうぶ|きょう|いま|あなた|きみ|きみの|"
    "わたし|ぼく|おれ|なに|なん[でか]|だれ|どこ|いつ|やめ|もう|はやく|たすけ|うるさ|だまれ|ふざけ|つまら|たのし|いいね|いいよ|わか[らっり]|"
    "しら[なね]|まって|はい|いいえ|うそ|まじ|やば|さいあく|さいこう|きもい|うざ|おっけ|おーけ)"
)
_SPEECH_END = re.compile(
    "(?:です|ます|ください|だ[よねな]?|か[なも]|よね|して|した|する|しろ|しい|ない|たい|すぎ|っす|から|けど|ので|しよう?|どう|いた|くれ|ません|"
    "でしょ|だろ|だっけ|[すき]ぎ|すき|きらい|ひま|だれ|なに|って|い[ねよなわぞ]|[さくしたなろ]い)[かなねよー]*$"
)
# Whole sentences come with spaces in kana alone (「ｹｰｷﾉ ﾖﾔｸ」), so kana are read more warily than kanji.
_KANA_TALK = re.compile(
    "を| (?:の|は|に|から)(?: |$)|^(?:もれ|もっと|ほかに|さっき|まちがえ|"
    "ちょっと|たんとう|にんげん|ゆうじん|ひと[にをとで]|ひとり|てんいん|おみせ|せいきゅう|"
    "てつづき|"
    "しんちょく|なまえ|めにゅ|つかいかた|めあど|めーる|でんわ|しつもん|かんり|ひど[いく]|はら[がた]|ごはん|あたま|まご[はがと]|ねこ|"
    "いぬ[がとは]|てれび|それ[でじ]|じゃあ|ねだん|あした|ちず|くるま|かたろぐ|ていきゅう|えいぎょう|いたい|なぜ|けーき|ぱそこん|ぱすぽ|てんけん)|"
    "(?:です|ます|(?<!や)まし?た|ません|ください|(?<!や)て|んで|(?<!やま)(?<!まつ)(?<!きの)した|った|んだ|べた|れた|"
    "えた|[^い ]たい|しい|さい|"
    "ない|すき|いくら|いつ|なに|だれ|どう|たのむ|なあ|すぎる|よやく|しんせい|じかん|けっか|ばんごう|まで|から|てんき|おねがい|"
    "[くし]く)"
    "(?:か|よ|ね|な|の|が|は|けど)*$"
)
_NOT_FULL = re.compile(
    r"爆笑|草原|感心|満点|送信|午前|午後|一覧|紹介|左様|寿限|機能|当然|異議|異存|問題|満足|無論|同意|優勝|天才|"
    r"ノープロ|ラジャー|グッ[ドジ]|サンクス|センキュー|メルシー|ファイト|ポンコツ|クレーム|クッキー|ポリシー|メニュー|ジョウホウ|[県歳市]$|^(.)\1|^(..)\2"
)
_COURTESY = re.compile(
    "(?:こんに?ち[はわ]|こんばん[はわ]|おはよう?|おやすみ|はじめまして|ありがとう?|さんきゅー|すみません|すいません|ごめん|もしもし|さようなら|"
    "さよなら|ばいばい|よろしく|お(?:ねがい|願い|つかれ|疲れ|せわ|世話)|どうも|はろー|やっほー|はい|いいえ|うん|ええ|なるほど|へえ)"
    "(?:さま|様|です|でした|に?なり(?:ます|ました)|に?なって(?:い|お)?り?ます|"
    "します|いたします|致します|なさい|ございます|ございました|ね|よ|ー|[。、!~ ])*"
)
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def has_name_shape(name: str) -> bool:
    """Tell a read name that can hardly be anything else: two parts or more, a full name in one, a company."""
    if _COMPANY.search(name):
        return True
    parts = re.split("[ ・]", name)
    if _is_talk(name):
        return False
    return _is_full(parts[0]) if len(parts) == 1 else is_in_parts(name)


def is_plainly_name(name: str) -> bool:
    """Tell what a form that waits for a name takes for it before anybody asks what else it might mean.

    Kana with a space are as often a sentence (「ﾊﾞｽﾉ ｼﾞｺｸﾋｮｳ」), so those with a particle are left to the model.
    """
    kana = name.translate(_TO_HIRAGANA)
    particle = re.match("(?!ありが )[ぁ-んー]+[はのにがでとも] ", kana)
    return is_in_parts(name) and not particle


def is_in_parts(name: str) -> bool:
    """Tell two to five parts, each of one script and of a name's length: 「山田 太郎」, 「Kim Minji」."""
    parts = re.split("[ ・]", name)
    if not 2 <= len(parts) <= 5:
        return False
    if all(_LATIN.fullmatch(part) for part in parts):
        return True
    foreign = all(re.fullmatch("[ァ-ヺー]+", part) for part in parts)
    if _is_talk(name) or (len(parts) > 2 and not foreign):
        return False
    first, *rest = parts
    begins = not _FIRST_WORD.search(first) or _GIVEN_NAME.search(rest[-1])
    plain = begins and not any(_WORD.search(part) for part in parts)
    return bool(plain) and all(_PART.fullmatch(part) for part in parts) and not any(_is_speech(part) for part in rest)


def _is_full(name: str) -> bool:
    """Tell a full name in one part; hiragana alone is as often talk, and tells nothing."""
    if not _TOGETHER.fullmatch(name) or any(word.search(name) for word in (_WORD, _FIRST_WORD, _NOT_FULL)):
        return False
    return not re.search("[ぁ-ん]$", name) or not _SPEECH_END.search(name)


def _is_talk(name: str) -> bool:
    kana = name.translate(_TO_HIRAGANA)
    return bool(_TALK.search(kana) or (re.fullmatch("[ぁ-んー ・]+", kana) and _KANA_TALK.search(kana)))


def _is_speech(part: str) -> bool:
    return bool(re.fullmatch("[ぁ-んー]+", part) and _SPEECH_END.fullmatch(part))


def is_courtesy(text: str) -> bool:
    """Tell a greeting, thanks, an excuse, a yes or a no with nothing beside it."""
    return bool(_COURTESY.fullmatch(text.translate(_TO_HIRAGANA)))
