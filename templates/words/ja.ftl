## Digests

number = 第{ $number }号
view-in-browser = ブラウザーで読む
inside = 今号の内容：{ $sections }
also = そのほかの記事
also-in = { $sources }にも掲載
listen = 聴く
watch = 見る
by = 文：{ $names }
minutes = 読了時間 約{ $count }分
more-on-the-web = ほか{ $count }本の記事をウェブで読む
why = このメールは「{ $title }」を購読されている方にお送りしています。
unsubscribe = 購読を解除する
archive = バックナンバー
feeds = フィード：
test = これはテストです。この号はまだ発行されていません。
test-mark = 【テスト】
names-next = { $names }、{ $name }
names-last = { $names }、{ $name }

## Dates

dates-with-weekday = { $year }年{ $month }{ $day }日{ $weekday }
dates-short = { $month }{ $day }日
dates-long = { $year }年{ $month }{ $day }日
dates-day = { $day }
dates-weekday-1 = 月曜日
dates-weekday-2 = 火曜日
dates-weekday-3 = 水曜日
dates-weekday-4 = 木曜日
dates-weekday-5 = 金曜日
dates-weekday-6 = 土曜日
dates-weekday-7 = 日曜日
dates-month-1 = 1月
dates-month-2 = 2月
dates-month-3 = 3月
dates-month-4 = 4月
dates-month-5 = 5月
dates-month-6 = 6月
dates-month-7 = 7月
dates-month-8 = 8月
dates-month-9 = 9月
dates-month-10 = 10月
dates-month-11 = 11月
dates-month-12 = 12月

## The mail that asks to confirm a subscription

confirmation-subject = 「{ $title }」の購読をご確認ください
confirmation-request = このメールアドレスで「{ $title }」の購読の申し込みがありました。お申し込みいただいた場合は、下のボタンでご確認ください。次の号からお届けします。
confirmation-confirm = 購読を確認する
confirmation-address = ボタンが使えない場合は、次のアドレスを開いてください：
confirmation-otherwise = お心当たりがない場合は、何もなさらなくて結構です。今後メールが届くことはありません。
confirmation-why = このメールは、「{ $title }」の申し込みフォームにこのアドレスが入力されたため、一度だけお送りしています。

## Pages

page-skip = 本文へ移動
page-navigation = サイト内メニュー
page-front = トップページ
page-newsletters = ニュースレター
page-newsletter = ニュースレター
page-section = カテゴリー
page-sections = この記事のカテゴリー
page-nothing = まだ記事がありません。またのお越しをお待ちしています。
page-editions = 各号
page-no-edition = 最初の号はまだ発行されていません。
page-previous = 前の号
page-next = 次の号
page-editions-of = { $title }：各号
page-feeds-of = { $title }のフィード
page-feed = フィード
page-feed-meaning = これはフィードです。多くのサイトの新着をまとめて読める「フィードリーダー」というソフトやアプリで読むことができます。アカウントもメールアドレスも必要ありません。
page-feed-use = このアドレスをお使いのフィードリーダーに登録すると、新着が自動的に届きます。
page-feed-address = このフィードのアドレス
page-feed-formats = ほかの形式
page-newest = 新着
page-older = 以前の記事
page-newer = 新しい記事
page-all-feeds = このサイトのすべてのフィード（フィードリーダーへの読み込み用、OPML）
page-changed = 最終更新：{ $day }
page-author = 筆者について
page-origin = この記事を{ $site }で読む
page-share = この記事を共有する
page-share-mail = メールで送る
page-share-on = { $place }で共有する
page-share-copy = アドレスをコピーする場合：
page-related = あわせて読みたい記事
page-subscribe-to = 「{ $title }」を購読する
page-choose = お読みになりたいものをお選びください。
page-address = メールアドレス
page-subscribe = 購読する
page-promise = 確認のメールをお送りします。購読はいつでもワンクリックで解除できます。
page-no-address = メールアドレスの形式ではありません。name@example.org のようにご入力ください。
page-no-choice = ニュースレターを一つ以上お選びください。
page-asked-title = 受信トレイをご確認ください
page-asked-text = リンクの入ったメールをお送りしました。メールを開いてご確認いただくと、次の号からお届けします。数分たっても届かない場合は、迷惑メールフォルダーをご覧ください。
page-confirm-title = 「{ $titles }」を購読しますか？
page-confirm-text = ボタンを押すと、次の号から受信トレイにお届けします。
page-confirmed-title = 購読の手続きが完了しました
page-confirmed-text = 次の号から受信トレイにお届けします。各号には、購読を解除するためのリンクがあります。
page-leave-title = 「{ $title }」の購読を解除しますか？
page-leave-text = ボタンを押すと、今後お届けすることはありません。
page-left-title = 「{ $title }」の購読を解除しました
page-left-text = 今後お届けすることはありません。いつでもまたご購読いただけます。
page-bad-link-title = このリンクは使えません
page-bad-link-text = リンクが途中で切れているか、書き換えられています。メールからもう一度開くか、アドレス全体をコピーしてください。
page-not-found-title = ページが見つかりません
page-not-found-text = アドレスが間違っているか、ページが削除された可能性があります。トップページからすべての内容をご覧いただけます。
page-gone-title = このニュースレターは終了しました
page-gone-text = 現在は発行されていません。発行中のニュースレターはトップページからご覧いただけます。
page-withdrawn-title = この記事は取り下げられました
page-withdrawn-text = 発行者が記事を取り下げました。トップページからすべての内容をご覧いただけます。
page-bad-request-title = リクエストを処理できませんでした
page-bad-request-text = 内容が不完全か、大きすぎました。前のページに戻って、もう一度お試しください。
page-unsearchable-title = この言葉では検索できません
page-unsearchable-text = - + ( : などの記号は、検索では特別な意味を持ちます。記号を含む言葉は半角の二重引用符で囲んでください。
page-not-as-wanted-title = 内容が変わりました
page-not-as-wanted-text = 変更がない場合にだけ応答するよう求められましたが、内容が変わっています。条件を付けずにもう一度お試しください。
page-too-many-title = アクセスが多すぎます
page-too-many-text = 数分お待ちになってから、もう一度お試しください。
page-failed-title = 問題が発生しました
page-failed-text = こちら側の不具合で、記録されました。数分後にもう一度お試しください。
page-busy-title = ただいま混み合っています
page-busy-text = しばらくしてから、もう一度お試しください。

## The page with which people search the archive

search-title = 検索
search-field = 何をお探しですか？
search-button = 検索する
search-hint = すべての言葉を含む記事を探します。続けて現れる言葉は引用符で囲んでください。
search-nothing = 見つかりませんでした。言葉を減らすか、別の言葉でお試しください。
search-previous = 前の結果
search-next = 次の結果

## The page on which readers manage what they get

manage-link = 購読の管理
manage-title = 購読中のニュースレター
manage-intro = ここでの変更はすぐに反映されます。このページのアドレスを知っている人は誰でも変更できますので、他の人に教えないでください。
manage-all = すべてまとめて
manage-active = お届けしています。
manage-paused = 休止中です。{ $day }から再びお届けします。
manage-pending = 確認のメールをお送りしました。受信トレイをご確認ください。
manage-left = 購読を解除されました。
manage-absent = 購読されていません。
manage-until = 配信を再開する日
manage-pause-hint = その日まで配信されません。その間に発行された号はウェブでお読みいただけます。
manage-pause = 休止する
manage-pause-all = すべて休止する
manage-resume = 今すぐ再開する
manage-bad-day = 明日から一年以内の日をお選びください。
manage-undo = 元に戻す
manage-why = よろしければ理由をお聞かせください（任意）
manage-why-send = 送信する
manage-thanks = ありがとうございます。承りました。
manage-suppressed = お客様のアドレスには配信していません。メールが届かなかったか、迷惑メールとして報告されたためです。配信をご希望の場合はご連絡ください。

## What readers do with their own data, and the mails with one link that they ask for

personal-title = お客様の情報
personal-by-mail = 情報の確認、アドレスの変更、情報の削除には、メールでお送りするリンクが必要です。お届けした号が転送されている場合があるためです。
personal-send-link = リンクを送信する
personal-yours = { $address } について保存されている情報
personal-download = 情報をダウンロードする
personal-new-address = 新しいメールアドレス
personal-change = アドレスを変更する
personal-erase = 情報を削除する…
personal-link-title = 購読管理ページへのリンク
personal-link-text = ニュースレターが届いているアドレスをご入力ください。リンクの入ったメールをお送りします。
personal-link-asked-title = 受信トレイをご確認ください
personal-link-asked-text = このアドレスで購読されている場合は、リンクの入ったメールをお送りしました。リンクは一日有効です。数分たっても届かない場合は、迷惑メールフォルダーをご覧ください。
personal-over-title = このリンクは無効です
personal-over-text = すでに使われたか、期限が切れています。新しいリンクをお取り寄せください。
personal-change-asked-title = 新しいアドレスの受信トレイをご確認ください
personal-change-asked-text = そのアドレスに配信できる場合は、ご本人のものかを確認するメールが届きます。確認されるまで何も変わりません。元のアドレスにもお知らせします。
personal-confirm-title = アドレスを { $address } に変更しますか？
personal-confirm-text = ボタンを押すと、ニュースレターがこのアドレスに届くようになります。
personal-confirm-button = このアドレスを使う
personal-changed-title = アドレスを変更しました
personal-changed-text = 今後、ニュースレターは新しいアドレスに届きます。
personal-taken-title = このアドレスは使えません
personal-taken-text = すでに購読されているか、配信しないよう求められています。何も変更されていません。
personal-keep-title = 元のアドレスを使い続けますか？
personal-keep-text = ボタンを押すと、ニュースレターはこれまでどおり元のアドレスに届きます。
personal-keep-button = 元のアドレスを使い続ける
personal-kept-title = アドレスは元のままです
personal-kept-text = 変更を取りやめました。以前にお送りしたリンクでは、お客様の情報は表示されなくなりました。
personal-erasing-title = すべての情報を削除しますか？
personal-erasing-text = 購読とお客様に関する情報はすべて直ちに削除され、元に戻すことはできません。このアドレスが再び登録されないように、アドレスから作られた符号だけが残ります。今後このアドレスで購読することはできません。
personal-erase-button = すべて削除する
personal-erased-title = 情報を削除しました
personal-erased-text = 登録を防ぐためにアドレスから作られた符号のほかには、何も残っていません。
personal-link-mail-subject = { $title }：購読管理ページへのリンク
personal-link-mail-request = 「{ $title }」の購読とお客様の情報を管理するためのリンクのご請求がありました。リンクは一日有効です。
personal-link-mail-button = 管理ページを開く
personal-link-mail-otherwise = お心当たりがない場合は、何もなさらなくて結構です。何も変わりません。リンクを他の人に教えないでください。
personal-new-mail-subject = { $title }：新しいアドレスをご確認ください
personal-new-mail-request = 「{ $title }」のニュースレターをこのアドレスで受け取りたいというお申し出がありました。一日以内にご確認ください。
personal-new-mail-button = このアドレスを使う
personal-new-mail-otherwise = お心当たりがない場合は、何もなさらなくて結構です。今後メールが届くことはありません。
personal-old-mail-subject = { $title }：アドレス変更のお知らせ
personal-old-mail-request = 「{ $title }」のニュースレターを別のアドレスで受け取りたいというお申し出がありました。お心当たりがない場合は、ここで取りやめることができます。
personal-old-mail-button = このアドレスを使い続ける
personal-old-mail-otherwise = ご本人によるお申し出の場合は、何もなさらなくて結構です。リンクは変更から三日後まで有効です。
personal-why = このメールは、「{ $title }」のページで請求があったため、一度だけお送りしています。
