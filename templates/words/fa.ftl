## Digests

number = شمارهٔ { $number }
view-in-browser = نمایش در مرورگر
inside = در این شماره: { $sections }
also = همچنین در این شماره
also-in = همچنین در { $sources }
listen = بشنوید
watch = ببینید
by = نوشتهٔ { $names }
minutes = { $count } دقیقه مطالعه
more-on-the-web = و { $count } مطلب دیگر در وب
why = این نامه را دریافت می‌کنید چون مشترک { $title } هستید.
unsubscribe = لغو اشتراک
archive = همهٔ شماره‌ها
feeds = خوراک‌ها:
test = این یک نامهٔ آزمایشی است. این شماره منتشر نشده است.
test-mark = [آزمایشی]
names-next = { $names }، { $name }
names-last = { $names } و { $name }

## Dates

dates-with-weekday = { $weekday } { $day } { $month } { $year }
dates-short = { $day } { $month }
dates-long = { $day } { $month } { $year }
dates-day = { $day }
dates-weekday-1 = دوشنبه
dates-weekday-2 = سه‌شنبه
dates-weekday-3 = چهارشنبه
dates-weekday-4 = پنجشنبه
dates-weekday-5 = جمعه
dates-weekday-6 = شنبه
dates-weekday-7 = یکشنبه
dates-month-1 = فروردین
dates-month-2 = اردیبهشت
dates-month-3 = خرداد
dates-month-4 = تیر
dates-month-5 = مرداد
dates-month-6 = شهریور
dates-month-7 = مهر
dates-month-8 = آبان
dates-month-9 = آذر
dates-month-10 = دی
dates-month-11 = بهمن
dates-month-12 = اسفند

## The mail that asks to confirm a subscription

confirmation-subject = لطفاً اشتراک خود در { $title } را تأیید کنید
confirmation-request = کسی، که امیدواریم خود شما بوده باشید، خواسته است که { $title } به این نشانی فرستاده شود. اگر تأیید کنید، شمارهٔ بعدی به دستتان می‌رسد.
confirmation-confirm = تأیید اشتراک
confirmation-address = اگر دکمه کار نمی‌کند، این نشانی را باز کنید:
confirmation-otherwise = اگر شما نبوده‌اید، کاری لازم نیست: نامهٔ دیگری دریافت نخواهید کرد.
confirmation-why = تنها همین یک نامه فرستاده شد، چون این نشانی در فرم { $title } وارد شده بود.

## Pages

page-skip = رفتن به محتوا
page-navigation = این وب‌گاه
page-front = صفحهٔ نخست
page-newsletters = خبرنامه‌ها
page-newsletter = خبرنامه
page-section = بخش
page-sections = بخش‌های این مقاله
page-nothing = هنوز چیزی منتشر نشده است. به‌زودی دوباره سر بزنید.
page-editions = شماره‌ها
page-no-edition = نخستین شماره هنوز منتشر نشده است.
page-previous = شمارهٔ قبلی
page-next = شمارهٔ بعدی
page-editions-of = { $title }: شماره‌ها
page-feeds-of = خوراک‌های { $title }
page-feed = خوراک
page-feed-meaning = این یک خوراک است. خوراک‌خوان‌ها، یعنی برنامه‌هایی که تازه‌های وب‌گاه‌های بسیار را یک‌جا گرد می‌آورند، آن را می‌خوانند؛ بی‌نیاز از حساب کاربری و نشانی ایمیل.
page-feed-use = این نشانی را در خوراک‌خوان خود وارد کنید تا تازه‌های اینجا خودبه‌خود به دستتان برسد.
page-feed-address = نشانی این خوراک
page-feed-formats = همین خوراک در قالب‌های دیگر
page-newest = تازه‌ترین مطالب
page-older = مطالب قدیمی‌تر
page-newer = مطالب جدیدتر
page-all-feeds = همهٔ خوراک‌های این وب‌گاه، برای وارد کردن در یک خوراک‌خوان (OPML)
page-changed = آخرین تغییر: { $day }
page-author = دربارهٔ نویسنده
page-origin = خواندن این مقاله در { $site }
page-share = هم‌رسانی این مقاله
page-share-mail = با ایمیل
page-share-on = هم‌رسانی در { $place }
page-share-copy = یا نشانی آن را رونوشت کنید:
page-related = بیشتر بخوانید
page-subscribe-to = اشتراک در { $title }
page-choose = آنچه را دوست دارید بخوانید برگزینید.
page-address = نشانی ایمیل
page-subscribe = مشترک شوید
page-promise = نامه‌ای از شما می‌خواهد که تأیید کنید. هر زمان که بخواهید، با یک کلیک می‌توانید اشتراک را لغو کنید.
page-no-address = این نشانی ایمیل نیست. آن را مانند name@example.org بنویسید.
page-no-choice = دست‌کم یک خبرنامه برگزینید.
page-asked-title = صندوق ایمیل خود را ببینید
page-asked-text = نامه‌ای با یک پیوند در راه است. آن را باز و تأیید کنید تا شمارهٔ بعدی به دستتان برسد. اگر تا چند دقیقهٔ دیگر نامه‌ای نرسید، پوشهٔ هرزنامه را ببینید.
page-confirm-title = در { $titles } مشترک می‌شوید؟
page-confirm-text = دکمه را فشار دهید تا شمارهٔ بعدی به صندوق شما برسد.
page-confirmed-title = اشتراک شما برقرار شد
page-confirmed-text = شمارهٔ بعدی به صندوق شما می‌رسد. در هر شماره پیوندی برای لغو اشتراک هست.
page-leave-title = اشتراک { $title } لغو شود؟
page-leave-text = دکمه را فشار دهید تا دیگر هیچ شماره‌ای برای شما فرستاده نشود.
page-left-title = اشتراک شما در { $title } لغو شد
page-left-text = دیگر هیچ شماره‌ای برای شما فرستاده نمی‌شود. هر زمان که بخواهید می‌توانید بازگردید.
page-bad-link-title = این پیوند کار نمی‌کند
page-bad-link-text = این پیوند ناقص است یا در راه تغییر کرده است. آن را دوباره از درون نامه باز کنید، یا نشانی کامل را از آنجا بردارید.
page-not-found-title = چنین صفحه‌ای وجود ندارد
page-not-found-text = شاید نشانی درست نوشته نشده یا صفحه برداشته شده باشد. از صفحهٔ نخست به همهٔ آنچه اینجاست می‌رسید.
page-gone-title = انتشار این خبرنامه پایان یافته است
page-gone-text = این خبرنامه دیگر منتشر نمی‌شود. از صفحهٔ نخست به خبرنامه‌های دیگر می‌رسید.
page-withdrawn-title = این مقاله پس گرفته شده است
page-withdrawn-text = ناشر آن را پس گرفته است. از صفحهٔ نخست به همهٔ آنچه اینجاست می‌رسید.
page-bad-request-title = این درخواست فهمیده نشد
page-bad-request-text = درخواست ناقص یا بیش از اندازه بزرگ بود. بازگردید و دوباره تلاش کنید.
page-unsearchable-title = این واژه‌ها را نمی‌توان جست‌وجو کرد
page-unsearchable-text = نشانه‌هایی مانند - + ( و : در جست‌وجو معنای ویژه‌ای دارند. واژه‌هایی را که نشانه دارند میان گیومه‌های راست بگذارید.
page-not-as-wanted-title = این دیگر همان نیست که بود
page-not-as-wanted-text = پاسخ تنها در صورتی خواسته شده بود که اینجا چیزی تغییر نکرده باشد، و تغییر کرده است. دوباره بی این شرط درخواست کنید.
page-too-many-title = درخواست‌ها بیش از اندازه بود
page-too-many-text = لطفاً چند دقیقه صبر کنید و دوباره تلاش کنید.
page-failed-title = خطایی رخ داد
page-failed-text = اشکال از ماست و ثبت شده است. لطفاً چند دقیقهٔ دیگر دوباره تلاش کنید.
page-busy-title = شمار خوانندگان بیش از اندازه است
page-busy-text = لطفاً لحظه‌ای دیگر دوباره تلاش کنید.

## The page with which people search the archive

search-title = جست‌وجو
search-field = در پی چه هستید؟
search-button = جست‌وجو کنید
search-hint = همهٔ واژه‌ها باید در مقاله باشند. واژه‌هایی را که کنار هم می‌آیند میان گیومه بگذارید.
search-nothing = چیزی پیدا نشد. واژه‌های کمتر یا دیگری را بیازمایید.
search-previous = نتایج قبلی
search-next = نتایج بیشتر

## The page on which readers manage what they get

manage-link = مدیریت اشتراک‌ها
manage-title = خبرنامه‌های شما
manage-intro = آنچه اینجا تغییر دهید بی‌درنگ اعمال می‌شود. هر کس نشانی این صفحه را داشته باشد نیز می‌تواند آن را تغییر دهد؛ پس آن را نزد خود نگه دارید.
manage-all = همه با هم
manage-active = برای شما فرستاده می‌شود.
manage-paused = متوقف شده است. از { $day } دوباره برای شما فرستاده می‌شود.
manage-pending = نامه‌ای از شما خواسته است که تأیید کنید. صندوق ایمیل خود را ببینید.
manage-left = اشتراک خود را لغو کرده‌اید.
manage-absent = برای شما فرستاده نمی‌شود.
manage-until = ارسال دوباره از این روز
manage-pause-hint = پیش از آن روز چیزی فرستاده نمی‌شود. آنچه در این میان منتشر شود در وب خواندنی است.
manage-pause = توقف موقت
manage-pause-all = توقف موقت همه
manage-resume = از همین حالا دوباره فرستاده شود
manage-bad-day = روزی از فردا تا یک سال دیگر برگزینید.
manage-undo = بازگرداندن
manage-why = می‌خواهید دلیلش را به ما بگویید؟ (اختیاری)
manage-why-send = فرستادن
manage-thanks = سپاسگزاریم. ثبت شد.
manage-suppressed = چیزی به نشانی شما فرستاده نمی‌شود: نامه‌ها از آن بازگشته یا ناخواسته گزارش شده‌اند. اگر می‌خواهید این وضع تغییر کند، برای ما بنویسید.

## What readers do with their own data, and the mails with one link that they ask for

personal-title = داده‌های شما
personal-by-mail = برای دیدن داده‌ها، تغییر نشانی یا پاک شدن داده‌هایتان به پیوندی نیاز دارید که با نامه فرستاده می‌شود، زیرا ممکن است شماره‌ای برای دیگران هم فرستاده شده باشد.
personal-send-link = پیوند را برایم بفرستید
personal-yours = آنچه دربارهٔ { $address } می‌دانیم
personal-download = دریافت داده‌های من
personal-new-address = نشانی ایمیل تازه
personal-change = تغییر نشانی من
personal-erase = پاک کردن داده‌های من…
personal-link-title = پیوند خبرنامه‌های شما
personal-link-text = نشانی‌ای را بنویسید که خبرنامه‌هایتان به آن می‌رسد؛ نامه‌ای با یک پیوند به آنجا فرستاده می‌شود.
personal-link-asked-title = صندوق ایمیل خود را ببینید
personal-link-asked-text = اگر این نشانی اینجا مشترک چیزی باشد، نامه‌ای با یک پیوند در راه است. پیوند یک روز کار می‌کند. اگر تا چند دقیقهٔ دیگر نامه‌ای نرسید، پوشهٔ هرزنامه را ببینید.
personal-over-title = مهلت این پیوند به پایان رسیده است
personal-over-text = این پیوند به کار رفته یا بیش از اندازه قدیمی است. پیوند تازه‌ای درخواست کنید.
personal-change-asked-title = صندوق تازه را ببینید
personal-change-asked-text = اگر بتوان خبرنامه‌ها را به آن نشانی فرستاد، نامه‌ای در آنجا می‌پرسد که آیا از آن شماست. تا تأیید نکنید چیزی تغییر نمی‌کند. نشانی پیشین نیز آگاه می‌شود.
personal-confirm-title = نشانی شما به { $address } تغییر کند؟
personal-confirm-text = دکمه را فشار دهید تا خبرنامه‌هایتان به این نشانی برسد.
personal-confirm-button = استفاده از این نشانی
personal-changed-title = نشانی شما تغییر کرد
personal-changed-text = از این پس خبرنامه‌هایتان به نشانی تازه می‌رسد.
personal-taken-title = این نشانی را نمی‌توان به کار برد
personal-taken-text = این نشانی از پیش مشترک است، یا خواسته شده که هیچ نامه‌ای به آن فرستاده نشود. چیزی تغییر نکرده است.
personal-keep-title = نشانی پیشین شما بماند؟
personal-keep-text = دکمه را فشار دهید تا خبرنامه‌هایتان مانند گذشته به نشانی پیشین برسد.
personal-keep-button = نگه داشتن نشانی پیشین
personal-kept-title = نشانی شما همان است که بود
personal-kept-text = تغییر متوقف شد. پیوندهایی که پیش‌تر فرستاده شده‌اند دیگر داده‌های شما را نشان نمی‌دهند.
personal-erasing-title = همهٔ داده‌های شما پاک شود؟
personal-erasing-text = اشتراک‌ها و همهٔ آنچه دربارهٔ شما می‌دانیم بی‌درنگ پاک می‌شود و هیچ‌کس نمی‌تواند آن را بازگرداند. تنها کدی که از نشانی شما ساخته شده می‌ماند تا آن نشانی دیگر هرگز اینجا ثبت نشود: دیگر نمی‌توانید با آن مشترک شوید.
personal-erase-button = پاک کردن همه چیز
personal-erased-title = داده‌های شما پاک شد
personal-erased-text = از شما چیزی نمانده است جز کدی که از نشانی شما ساخته شده و نمی‌گذارد دوباره ثبت شود.
personal-link-mail-subject = پیوند شما برای { $title }
personal-link-mail-request = کسی، که امیدواریم خود شما بوده باشید، پیوندی را خواسته است که با آن خبرنامه‌ها و داده‌هایتان را در { $title } مدیریت می‌کنید. این پیوند یک روز کار می‌کند.
personal-link-mail-button = باز کردن صفحهٔ من
personal-link-mail-otherwise = اگر شما نبوده‌اید، کاری لازم نیست: چیزی تغییر نمی‌کند. پیوند را به کسی ندهید.
personal-new-mail-subject = لطفاً نشانی تازهٔ خود را برای { $title } تأیید کنید
personal-new-mail-request = کسی، که امیدواریم خود شما بوده باشید، خواسته است که خبرنامه‌های { $title } او به این نشانی برسد. آن را تا یک روز دیگر تأیید کنید.
personal-new-mail-button = استفاده از این نشانی
personal-new-mail-otherwise = اگر شما نبوده‌اید، کاری لازم نیست: نامهٔ دیگری دریافت نخواهید کرد.
personal-old-mail-subject = نشانی شما در { $title } تغییر خواهد کرد
personal-old-mail-request = کسی، که امیدواریم خود شما بوده باشید، خواسته است که خبرنامه‌های شما از { $title } به نشانی دیگری برود. اگر شما نبوده‌اید، همین‌جا جلوی آن را بگیرید.
personal-old-mail-button = نگه داشتن این نشانی
personal-old-mail-otherwise = اگر خودتان بوده‌اید، کاری لازم نیست. پیوند تا سه روز پس از تغییر کار می‌کند.
personal-why = تنها همین یک نامه فرستاده شد، چون کسی آن را در صفحه‌های { $title } درخواست کرد.
