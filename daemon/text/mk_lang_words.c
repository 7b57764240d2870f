/*
 * mk_lang_words.c - generates the tables of lang_words.h.
 * A language is its code, its script, the letters it has beyond its script's common ones, and words: those every text
 * has, and those of ministries.  "-" before a word makes it an ending.
 * CLDR adds how each language calls the countries, months and days.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "text/lang_words.h"

#define WORDS_MAX 40000
#define NAME_MIN  4 /* bytes of a name's word that is worth having */
#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *code;
	char script;
	const char *letters;
	const char *words;
} langs[] = {
/* clang-format off */
{"en", 'L', "", "the of and to in is that for it was on are as with his they at be this have from or had by but not what all were we when your can said "
    "there an which do how their if will up other about out many then them these so some her would him into has more two its who been new "
    "over after says say foreign minister meets talks sanctions trade government statement remarks press conference joint between agreement "
    "treaty visit state states united visits holds call calls against people country countries international security leaders announces "
    "affairs ministry speech list update updated notice measures nuclear military attack urges condemns secretary general council report world year years day today first war peace deal u.s. uk -ing -tion -ed -ly -ness -ment"},
{"fr", 'L', "àâçèéêëîïôùûüÿœæ", "le la les de des du un une et est en que qui dans pour pas sur au aux avec ce cette ces il elle ils son sa ses par plus ne se ou mais nous vous "
    "leur leurs été être ont sont était fait comme tout entre sans après contre sous depuis aussi deux ministre affaires étrangères président gouvernement "
    "état déclaration communiqué conférence presse accord traité visite entretien sanctions pays monde république conseil europe européenne nouvelle nouveau "
    "selon face l d qu s n c j jusqu lors avant ancien chine russie paix guerre -tion -ment -eux -euse -ique -ité -aux -oir"},
{"de", 'L', "äöüß", "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind "
    "noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde gegen zwischen unter will neue neuen außenminister "
    "bundesregierung regierung minister ministerin präsident erklärung abkommen vertrag besuch gespräch sanktionen staaten land länder welt europa deutschland "
    "auswärtigen amt kanzler frieden krieg jahr jahre heute russland china trifft fordert -ung -lich -keit -schaft -isch -heit -enden -ungen"},
{"es", 'L', "áéíñóúü¿¡", "el la los las de del que y en un una por con para es al se no su sus lo como más pero ha este esta entre cuando muy sin sobre también me hasta hay donde "
    "quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos fue son está han ministro exteriores asuntos presidente gobierno estado "
    "declaración comunicado conferencia prensa acuerdo tratado visita reunión sanciones país países mundo república consejo nuevo nueva según paz guerra años "
    "tras china rusia relaciones cooperación condena ataque terrorista -ción -dad -mente -ado -ados -ión -ones"},
{"pt", 'L', "ãõáâàçéêíóôú", "o a os as de do da dos das que e em um uma para com não é no na nos nas por mais se como mas foi ao ele ela seu sua ou ser quando muito há já está eu "
    "também só pelo pela até isso entre era depois sem mesmo aos ter seus quem são pelos contra sobre após ministro ministério relações exteriores presidente "
    "governo estado declaração nota conferência imprensa acordo tratado visita encontro reunião sanções país países mundo república conselho novo nova paz guerra "
    "anos brasil china rússia cooperação condena atentado ataque -ção -ções -dade -mente -ado -ões"},
{"it", 'L', "àèéìòù", "il lo la i gli le di del della dei delle dello degli e è che in un una uno per con non si da dal dalla sono al alla alle ai nel nella nei sul sulla come più ma ha hanno "
    "anche se o su questo questa tra fra dopo contro suo sua loro ministro esteri affari presidente governo stato dichiarazione comunicato conferenza stampa accordo "
    "trattato visita incontro colloquio sanzioni paese paesi mondo repubblica consiglio nuovo nuova secondo pace guerra anni russia cina condanna attacco l d dell nell all "
    "-zione -zioni -ità -mente -ato -ale"},
{"nl", 'L', "ëïéèü", "de het een en van in is dat op te zijn met voor niet aan er om ook als bij maar door naar over uit tot nog worden wordt hebben heeft werd kan deze hun meer die dan "
    "wat tegen tussen onder nieuwe na geen zal politie zoekt verdachte verdachten drie twee gemeente kamer buitenlandse zaken minister president regering verklaring akkoord verdrag bezoek gesprek sancties land landen wereld "
    "europese nederland raad vrede oorlog jaar jaren vandaag kabinet ministerie tweede veroordeelt aanslag aanval -ing -heid -lijk -sche -atie -eren"},
{"sv", 'L', "åäöé", "och att det i en på är som av för den med till inte ett om har de jag var han men från vid så kan när ut hade nu under över efter upp eller ska skall vi mellan mot "
    "sin sitt sina nya ny utrikesminister minister regeringen regering uttalande avtal fördrag besök möte samtal sanktioner land länder världen sverige svenska råd "
    "fred krig år idag ministern statsminister utrikesdepartementet ryssland kina -ning -het -lig -iska -ande -ering -erna"},
{"da", 'L', "åæøé", "og at det i en på er som af for den med til ikke et om har de jeg var han men fra ved så kan når ud havde nu under over efter op eller skal vi mellem mod "
    "sin sit sine nye ny udenrigsminister minister efterforsker natten opstod borgere kommune norske svenske finske regeringen regering udtalelse aftale traktat besøg møde samtale sanktioner land lande verden danmark danske råd "
    "fred krig år dag ministeren statsminister udenrigsministeriet rusland kina også efter bliver blev hvad hvor -ning -hed -lig -iske -ende -ering -erne"},
{"no", 'L', "åæøéò", "og at det i en på er som av for den med til ikke et om har de jeg var han men fra ved så kan når ut hadde nå under over etter opp eller skal vi mellom mot "
    "sin sitt sine nye ny utenriksminister minister eit ein ikkje frå dei vere vart meir noko berre reglar etterforsker natt oppsto innbyggere kommune danske svenske finske regjeringen regjering uttalelse avtale traktat besøk møte samtale sanksjoner land verden norge norske råd "
    "fred krig år dag ministeren statsminister utenriksdepartementet russland kina også blir ble hva hvor noe -ning -het -lig -iske -ende -ering -ene"},
{"fi", 'L', "äöå", "ja on ei se että oli hän mutta ovat kun niin myös joka sen kuin tai nyt ole jos mukaan sekä vain vuoden ulkoministeri ministeri hallitus hallituksen presidentti lausunto "
    "sopimus vierailu tapaaminen pakotteet pakotteita maa maat maailma suomi suomen eu venäjä venäjän kiina kiinan rauha sota vuosi tänään uusi uuden välillä kanssa "
    "vastaan jälkeen ulkoministeriö -ssa -ssä -sta -stä -lla -llä -ksi -nen -minen -isen -vat -vät -taan"},
{"pl", 'L', "ąćęłńóśźż", "i w na z do się nie że to o jest za od po jak ale dla oraz przez być przy są tym tego co był była może już tylko lub jego jej ich pod przed między przeciw "
    "minister spraw zagranicznych rząd rządu prezydent oświadczenie umowa umowę traktat wizyta spotkanie rozmowy sankcje kraj kraje świat polska polski polskiej rada "
    "pokój wojna rok lat roku dziś nowe nowy rosja rosji chiny chin ministerstwo ws rp -ego -ów -ania -enie -ości -ych -nych -acji"},
{"cs", 'L', "áčďéěíňóřšťúůýž", "a v na se je že s z do o to i za k ve pro ale jako od po který která které jsou byl by si nebo jeho při být jsme podle mezi proti také až před více "
    "ministr zahraničí zahraničních věcí vláda vlády prezident prohlášení dohoda dohodu smlouva smlouvy návštěva setkání jednání sankce země svět česko české české rada "
    "mír válka rok let dnes nové nový rusko ruska čína číny ministerstvo premiér -ého -ní -ých -ost -ení -ování -ové"},
{"sk", 'L', "áäčďéíĺľňóôŕšťúýž", "a v na sa je že s z do o to i za k vo pre ale ako od po ktorý ktorá ktoré sú bol by si alebo jeho pri byť sme podľa medzi proti aj až pred viac "
    "minister zahraničných vecí vláda vlády prezident vyhlásenie dohoda dohodu zmluva návšteva stretnutie rokovanie sankcie krajina krajiny svet slovensko slovenskej "
    "rada mier vojna rok rokov dnes nové nový rusko ruska čína číny ministerstvo premiér -ého -nie -ých -osť -ení -ovanie -ové"},
{"sl", 'L', "čšž", "in je v na za se da so ki z pa ne s po od do bi tudi kot bo iz pri ali še ter bil med že lahko proti minister ministrica zunanje zadeve vlada vlade predsednik izjava "
    "sporazum pogodba obisk srečanje sankcije država države svet slovenija slovenije slovenski mir vojna leto let danes nove novi rusija kitajska evropske -nje -ega -ost -ih -ju"},
{"hr", 'L', "čćđšž", "i je u na se da su za s od o a koji koja koje ne ili kao nije bi će iz po do biti više što te sve prema između protiv nakon također ministar vanjskih europskih poslova vlada "
    "vlade predsjednik izjava sporazum ugovor posjet sastanak sankcije zemlja zemlje svijet hrvatska hrvatske vijeće mir rat godina godine danas nove novi rusija kina "
    "-nje -og -ost -ih -oga -ije"},
{"sr", 'L', "čćđšž", "i je u na se da su za s od o a koji koja koje ne ili kao nije bi će iz po do biti više što te sve prema između protiv posle takođe ministar spoljnih poslova vlada "
    "vlade predsednik izjava sporazum ugovor poseta sastanak sankcije zemlja zemlje svet srbija srbije savet mir rat godina godine danas nove novi rusija kina vučić -nje -og -ost -ih"},
{"hu", 'L', "áéíóöőúüű", "a az és hogy nem is egy van meg volt ez csak de már el ki mint még vagy szerint lesz ha azt minden után között ellen új magyar magyarország miniszter külügyminiszter kormány "
    "elnök nyilatkozat megállapodás szerződés látogatás találkozó szankciók szankciókat ország országok világ európai tanács béke háború év ma orosz oroszország kína kínai "
    "külügyi külgazdasági tárgyalt -ban -ben -nak -nek -val -vel -ság -ség -ról -ről -ott -ett -ás -és"},
{"ro", 'L', "ăâîșțşţ", "de și în la a cu pe nu că din pentru o un se este care mai al ale sau ce au fost prin sunt după fi lui cel lor dar acest această între împotriva ministrul ministru afacerilor "
    "externe guvern guvernul guvernului președintele președinte declarație acord acordul tratat vizită întâlnire sancțiuni țară țări lume românia român românești consiliul pace război an ani azi "
    "nou nouă rusia china comunicat şi preşedintele -ului -lor -ție -are -ilor -ație -ului"},
{"tr", 'L', "çğıöşüâî", "ve bir bu da de için ile olarak çok daha olan gibi ne en kadar sonra var ama veya her ki o mi değil göre karşı arasında yeni türkiye türk bakan bakanı dışişleri bakanlığı "
    "hükümet cumhurbaşkanı başkanı açıklama açıklaması anlaşma anlaşması ziyaret görüşme görüştü yaptırım yaptırımlar ülke ülkeler dünya konsey barış savaş yıl bugün rusya çin abd etti oldu "
    "-lar -ler -ın -in -nın -nin -dan -den -ları -leri -ması -mesi -lık -lik -tır"},
{"az", 'L', "əçğıöşü", "və bir bu da də üçün ilə olan edib olub ki ilə bağlı nazir nazirliyi nazirinin xarici işlər prezident prezidenti azərbaycan azərbaycanın hökumət bəyanat saziş müqavilə səfər görüş "
    "görüşüb sanksiyalar ölkə ölkələr dünya şura sülh müharibə il bu gün yeni rusiya çin ermənistan respublikası -lar -lər -ın -in -nın -nin -dan -dən -lıq -lik -dir -dır"},
{"uz", 'L', "ʻʼ", "va bir bu uchun bilan ham da deb edi boʻyicha o‘zbekiston oʻzbekiston o'zbekiston respublikasi prezidenti tashqi ishlar vaziri vazirligi hukumat bayonot shartnoma tashrif uchrashuv sanksiyalar davlat "
    "davlatlar dunyo tinchlik urush yil bugun yangi rossiya xitoy -lar -ning -dan -ga -lari -ish -lik -gan"},
{"vi", 'L', "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "và của có là các trong được với cho không một những người này đã về tại từ đến ra khi để cũng việt nam bộ trưởng ngoại giao chính phủ chủ tịch tuyên bố hiệp "
    "định thăm gặp trừng phạt nước thế giới hội đồng hòa bình chiến tranh năm ngày mới nga trung quốc mỹ quan hệ hợp tác"},
{"id", 'L', "", "yang dan di ke dari untuk dengan pada ini itu dalam tidak akan adalah oleh juga telah sebagai bisa ada atau karena saat lebih para antara terhadap menteri luar negeri pemerintah presiden "
    "pernyataan perjanjian kunjungan bertemu pertemuan sanksi negara dunia indonesia dewan perdamaian perang tahun hari baru rusia tiongkok kerja sama kementerian ri -kan -nya -an"},
{"ms", 'L', "", "yang dan di ke dari untuk dengan pada ini itu dalam tidak akan ialah oleh juga telah sebagai boleh ada atau kerana lebih para antara terhadap menteri luar kerajaan perdana "
    "kenyataan perjanjian lawatan bertemu mesyuarat sekatan negara dunia malaysia majlis keamanan perang tahun hari baharu rusia china kerjasama kementerian wisma putra datuk -kan -nya -an"},
{"et", 'L', "äõöüšž", "ja on ei et see oli kui ka mis oma aga või ning nii selle veel pärast kes välisminister minister valitsus president avaldus leping visiit kohtumine sanktsioonid riik riigid maailm eesti "
    "euroopa nõukogu rahu sõda aasta täna uus uue venemaa hiina ukraina välisministeerium kohtus vahel vastu -de -te -st -ga -mine -line -sse -vad"},
{"lv", 'L', "āčēģīķļņšūž", "un ir ar no par uz ka kas arī lai tas bija gada pie vai bet pēc tiek starp pret jauns jauni ministrs ministre ārlietu valdība valdības prezidents paziņojums līgums vizīte tikšanās sankcijas "
    "valsts valstis pasaule latvija latvijas eiropas padome miers karš gads šodien krievija krievijas ķīna ukrainas -šana -ības -iem -jas -ijas -ums -ām"},
{"lt", 'L', "ąčęėįšųūž", "ir yra į iš su kad bei tai apie už kaip bet ne buvo metų po tarp prieš dėl nuo jis naujas nauja ministras ministrė užsienio reikalų vyriausybė prezidentas pareiškimas susitarimas "
    "sutartis vizitas susitikimas sankcijos sankcijų valstybė šalis šalys pasaulis lietuva lietuvos europos taryba taika karas metai šiandien rusija rusijos kinija kinijos ukrainos -ijos -imas -ų -ai -os -imo -ių"},
{"sq", 'L', "çë", "dhe në të e i për me një nga që është janë më si ka do u ose por edhe nuk pas mes midis kundër ministri ministër jashtme punët punëve qeveria presidenti deklaratë marrëveshje traktat vizitë takim "
    "sanksione vend vende botë shqipëria shqipëri kosovë kosova këshilli paqe luftë vit sot re rusi kinë -it -et -ve -së -imi -isht"},
{"ca", 'L', "àçèéíïòóúü·", "el la els les de del dels que i en un una per amb és al no es seu més com però ha aquest aquesta entre sense sobre també fins hi des tots contra altres ministre afers exteriors president "
    "govern estat declaració comunicat conferència premsa acord tractat visita reunió sancions país països món república consell nou nova segons pau guerra anys catalunya generalitat -ció -tat -ment -ats"},
{"af", 'L', "ëêôûîéèïöü", "die van en het is in nie wat met vir dat op te aan om sy as dit was ook deur n oor by hy hulle ons sal kan kon moet word tot nog maar daar hier baie meer na teen tussen onder volgens "
    "geen haar hul se toe eerste twee drie nuwe sê gesê het suid afrika afrikaanse minister regering president parlement polisie buitelandse sake ooreenkoms verklaring besoek vergadering gesprek "
    "sanksies lande land wêreld raad vrede oorlog jaar vandag gister rusland sjina samewerking departement grondwet munisipaliteit verkiesing hof kabinet wet goed polisie -ing -heid -lik -like -asie -skap -ies -iese"},
{"gl", 'L', "áéíñóúüç", "o a os as do da dos das no na nos nas un unha uns unhas e de que en por para con non é máis como se ao á aos ás pola polo polos polas dun dunha nun nunha foi son ten hai este esta estes "
    "estas xa tamén entre sobre ata desde onde cando está ser onte hoxe luns martes ano anos goberno presidente ministro asuntos exteriores xunta galego galega galegos conselleira conselleiro consellería "
    "concello veciños acordo reunión visita declaración país países mundo paz guerra segundo novo nova novas novos millóns lei servizo servizos traballo saúde vindeiro -ción -cións -dade -mente -zo -za -eiro -eira"},
{"eu", 'L', "", "eta da du dute ez bat ere dira zuen zuten ziren izan dela duen den baina hau baino beste bi arteko arabera egin ditu dituzte dago dezake urte urtean gaur atzo gobernua gobernuak jaurlaritza jaurlaritzak "
    "lehendakaria ministroa kanpo arazoetako euskal euskadi eusko adierazi akordioa bilera bisita bakea gerra mundua herrialde herrialdeen herri egun lege berria berriak -aren -etako -tzen -tzeko -rekin -ekin -etan -etik -ren"},
{"sw", 'L', "", "na ya wa kwa ni katika za la cha kuwa hii huo hiyo pia kama baada watu nchi rais waziri mambo nje serikali taarifa mkataba ziara mkutano vikwazo dunia kenya tanzania baraza amani vita mwaka leo mpya urusi "
    "china ushirikiano wizara kati dhidi"},
{"tl", 'L', "ñ", "ang ng sa na mga at ay ni si para kay hindi ito may isang kung nang din rin pangulo kalihim ugnayang panlabas pamahalaan pilipinas kasunduan pagbisita bansa mundo kapayapaan digmaan taon ngayon bago rusya tsina"},
{"ga", 'L', "áéíóú", "an na agus ar i le is go de do a bhí ag tá ach nó sin seo idir rialtas aire gnóthaí eachtracha taoiseach éireann éire ráiteas conradh cuairt síocháin"},
{"is", 'L', "áðéíóúýþæö", "og að í á er til sem við um fyrir með var það ekki en af hefur frá eru milli gegn utanríkisráðherra ráðherra ríkisstjórn forseti yfirlýsing samningur heimsókn fundur ísland íslands friður stríð ár nýtt"},
{"mt", 'L', "ċġħż", "u il li ta f fil ma minn għal bi b kien kienet huwa hija mal lill dan din bejn kontra ministru affarijiet barranin gvern president stqarrija ftehim żjara laqgħa pajjiż pajjiżi malta dinja"},

{"ru", 'C', "ёъыэ", "и в не на что с по как это из у за от к о же для его но до бы или при так она они после также между против под об том через более были был было году года лет россии россия рф мид министр "
    "иностранных дел президент правительство заявление заявил встреча встрече переговоры соглашение соглашения договор визит санкции санкций страны стран мира мир война совет безопасности "
    "отношений сотрудничества вопросам сша китай китая лавров путин пресс конференция новые новый -ость -ния -ении -ского -ский -ться -ого -ых -ами"},
{"uk", 'C', "ґєії", "і в не на що з по як це із у за від до о та для його але б або при так вона вони після також між проти під про через більше були був було року років україни україна мзс міністр закордонних "
    "справ президент уряд заява заявив зустріч зустрічі переговори угода угоди договір візит санкції санкцій країни країн світу мир війна рада безпеки відносин співпраці питань сша китай рф росії нові новий "
    "-ість -ння -енні -ського -ський -тися -ого -их -ами -ії"},
{"be", 'C', "ёіўыэ", "і ў не на што з па як гэта у за ад да а для яго але б або пры так яна яны пасля таксама паміж супраць пад аб праз больш былі быў было года гадоў беларусі беларусь мзс міністр замежных спраў прэзідэнт "
    "урад заява заявіў сустрэча перагаворы пагадненне дагавор візіт санкцыі краіны краін свету мір вайна рада бяспекі адносін супрацоўніцтва рэспублікі новыя -асць -нне -енне -скага -скі -цца -ага -ых -амі"},
{"bg", 'C', "ъ", "и в на не че с по да за от е се като са към до ще при но или който която които след между срещу това този тази беше бъде има повече също година години българия българската министър министърът "
    "външните работи президент правителството изявление заяви среща преговори споразумение договор посещение санкции страни страните свят света мир война съвет сигурност отношения сътрудничество сащ китай русия нови нов "
    "-та -ите -ият -ност -ване -ния -ния -ски -ата -ето"},
{"sr", 'C', "ђјљњћџ", "и у на не да је се за са од као су до ће при али или који која које после између против ово то био бити има више такође године година србија србије министар спољних послова председник влада владе "
    "изјава састанак преговори споразум уговор посета санкције земље земља свет света мир рат савет безбедности односи сарадња сад кина русија нови -ије -ски -ног -ање -ост"},
{"mk", 'C', "ѓѕјљњќџ", "и во на не да е се за со од како до ќе при но или кој која кои по меѓу против ова тоа беше биде има повеќе исто година години македонија министер министерот надворешни работи претседател претседателот влада "
    "владата изјава средба преговори договор посета санкции земји земја свет мир војна совет безбедност односи соработка сад кина русија нови -та -от -ите -ње -ост -ски"},
{"kk", 'C', "әіғқңөұүһыэё", "және мен бен үшін бір бұл да де бойынша туралы осы болды деп кейін қазақстан қазақстанның республикасы президенті президент сыртқы істер министрі министр министрлігі үкімет мәлімдеме келісім шарт "
    "сапар кездесу кездесті санкциялар ел елдер әлем бейбітшілік соғыс жыл жылы бүгін жаңа ресей қытай ынтымақтастық тоқаев -лар -лер -дың -дің -ның -нің -дар -дер -тар -тер -ды -ді -ған"},
{"ky", 'C', "ңөүыэё", "жана менен үчүн бир бул да боюнча тууралуу кийин кыргызстан кыргыз республикасынын президенти президент тышкы иштер министри министр министрлиги өкмөт билдирүү келишим сапар жолугушуу санкциялар өлкө өлкөлөр "
    "дүйнө тынчтык согуш жыл жылы бүгүн жаңы россия кытай кызматташуу -лар -дын -дун -нын -лөр -лор"},
{"mn", 'C', "өүыэё", "ба нь энэ юм бол болон байна байгаа тухай дээр монгол монголын улс улсын улсын ерөнхийлөгч гадаад харилцааны сайд яам засгийн газар мэдэгдэл гэрээ айлчлал уулзалт уулзав дэлхий энх тайван дайн жил өнөөдөр шинэ орос "
    "хятад хамтын ажиллагаа -ын -ийн -ууд -сан -лаа -гийн"},
{"tg", 'C', "ғӣқӯҳҷэё", "ва дар аз ба ки бо барои ин он аст шуд ҳам то тоҷикистон ҷумҳурии президенти корҳои хориҷии вазири вазорати ҳукумат изҳорот созишнома сафар мулоқот кишвар кишварҳо ҷаҳон сулҳ ҷанг сол имрӯз нав русия чин ҳамкорӣ -ҳои -ии -ӣ"},

{"ar", 'A', "أإآؤئىةيكء", "في من على إلى أن عن مع هذا هذه التي الذي ما لا بعد بين كان كانت قال وقال خلال حول وزير وزارة الخارجية رئيس الرئيس مجلس الدولي حكومة الحكومة بيان تصريح اتفاق اتفاقية معاهدة زيارة يلتقي لقاء اجتماع "
    "عقوبات دول الدول دولة العالم العربية المملكة السلام الحرب عام اليوم روسيا الصين الولايات المتحدة الأمن يبحث يؤكد نظيره تعاون"},
{"fa", 'A', "پچژگیکآئ", "و در به از که این را با است برای آن یک تا بر هم نیز شد شده می کرد خود ما های ها باید وزیر وزارت امور خارجه رئیس جمهور رییس دولت بیانیه توافق معاهده سفر دیدار گفتگو گفت‌وگو تحریم تحریم‌ها کشور کشورهای جهان "
    "ایران ایرانی جمهوری اسلامی صلح جنگ سال امروز روسیه چین آمریکا همکاری شورای امنیت سخنگوی"},
{"ur", 'A', "پچژگیکےںٹڈڑھہآئ", "کے کی میں کا ہے سے اور کو نے پر کہ یہ اس بھی ہیں تھا گیا ساتھ وہ ایک لیے کر وزیر خارجہ وزارت صدر وزیراعظم حکومت بیان معاہدہ دورہ ملاقات پابندیاں ملک ممالک دنیا پاکستان پاکستانی امن جنگ سال آج نئی روس چین امریکہ تعاون درمیان"},
{"ps", 'A', "پچژګڼښړډټیۍېکګ", "د په او چې کې ته له سره دی ده یې هم یو دا افغانستان وزیر چارو بهرنیو وزارت ولسمشر حکومت اعلامیه تړون سفر لیدنه بندیزونه هیواد نړۍ سوله جګړه کال نن نوی روسیه چین همکاري"},
{"ku", 'A', "پچژگیکۆێڕڵەڤ", "لە و بە بۆ ئەم کە لەگەڵ یەک کوردستان عێراق وەزیری وەزارەتی دەرەوە سەرۆک حکوومەتی حکومەت ڕێککەوتن سەردان کۆبوونەوە سزاکان وڵات جیهان ئاشتی شەڕ ساڵ ئەمڕۆ نوێ"},

{"hi", 'D', "", "के की में का है से और को ने पर कि यह इस भी हैं था गया साथ वह एक लिए कर विदेश मंत्री मंत्रालय प्रधानमंत्री राष्ट्रपति सरकार बयान समझौता यात्रा मुलाकात प्रतिबंध देश देशों दुनिया भारत शांति युद्ध वर्ष आज नई रूस चीन अमेरिका सहयोग बीच"},
{"mr", 'D', "ळ", "आणि च्या आहे या ते हे होते केली आहेत मध्ये साठी होता झाली नाही परराष्ट्र मंत्री पंतप्रधान राष्ट्रपती सरकार निवेदन करार दौरा भेट निर्बंध देश जग भारत शांतता युद्ध वर्ष आज नवीन रशिया चीन सहकार्य"},
{"ne", 'D', "", "र को मा छ ले लाई पनि गरेको भएको छन् हो यो तथा गर्न नेपाल नेपालको परराष्ट्र मन्त्री मन्त्रालय प्रधानमन्त्री राष्ट्रपति सरकार वक्तव्य सम्झौता भ्रमण भेट प्रतिबन्ध देश विश्व भारत शान्ति युद्ध वर्ष आज नयाँ रुस चीन सहकार्य गरी गरे गर्ने भेट दुई देश काठमाडौं -ले -लाई -हरू -बारे"},
/* clang-format on */
};

_Static_assert(COUNT(langs) <= NW_LANG_LANGS_MAX, "a language is a bit");

static struct nw_lang_word words[WORDS_MAX];
static size_t nwords;
static struct nw_lang_letter letters[512];
static size_t nletters;

static void
add_word(const char *p, size_t n, uint64_t bit)
{
	if (n >= NW_LANG_WORD_SIZE)
		return;
	for (size_t i = 0; i < nwords; i++)
		if (strlen(words[i].word) == n && memcmp(words[i].word, p, n) == 0) {
			words[i].langs |= bit;
			return;
		}
	if (nwords == WORDS_MAX)
		exit(1);
	memcpy(words[nwords].word, p, n);
	words[nwords++].langs = bit;
}

static void
add_letter(uint32_t c, uint64_t bit)
{
	for (size_t i = 0; i < nletters; i++)
		if (letters[i].c == c) {
			letters[i].langs |= bit;
			return;
		}
	if (nletters == COUNT(letters))
		exit(1);
	letters[nletters++] = (struct nw_lang_letter){c, bit};
}

static void
add_letters(const char *s, uint64_t bit)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p != '\0') {
		int n = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
		uint32_t c = n == 0 ? *p : *p & (0x3fu >> n);

		for (p++; n > 0; n--)
			c = c << 6 | (*p++ & 0x3fu);
		add_letter(c, bit);
	}
}

static int
word_unit(UChar c)
{
	return u_isalpha(c) || u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_COMBINING_SPACING_MARK;
}

/* The words of a name CLDR gives, in lower case. */
static void
add_name(const UChar *name, int32_t n, const char *locale, uint64_t bit)
{
	UErrorCode ec = U_ZERO_ERROR;
	UChar lower[128];
	char word[256];
	int32_t from, to, len;

	n = u_strToLower(lower, 128, name, n, locale, &ec);
	if (U_FAILURE(ec))
		return;
	for (from = 0; from < n; from = to + 1) {
		for (to = from; to < n && word_unit(lower[to]); to++)
			;
		u_strToUTF8(word, sizeof(word), &len, lower + from, to - from, &ec);
		if (U_SUCCESS(ec) && len >= NAME_MIN)
			add_word(word, (size_t)len, bit);
	}
}

static void
add_cldr(const char *locale, uint64_t bit)
{
	static const struct {
		UDateFormatSymbolType type;
		int first, n;
	} symbols[] = {{UDAT_MONTHS, 0, 12}, {UDAT_STANDALONE_MONTHS, 0, 12}, {UDAT_WEEKDAYS, 1, 7}};
	UErrorCode ec = U_ZERO_ERROR;
	UDateFormat *f = udat_open(UDAT_LONG, UDAT_LONG, locale, NULL, 0, NULL, 0, &ec);
	UChar name[128];
	char region[16];
	int32_t n;

	for (const char *const *iso = uloc_getISOCountries(); *iso != NULL; iso++) {
		snprintf(region, sizeof(region), "und_%s", *iso);
		ec = U_ZERO_ERROR;
		n = uloc_getDisplayCountry(region, locale, name, 128, &ec);
		if (ec == U_ZERO_ERROR) /* a fallback to English would be a warning */
			add_name(name, n, locale, bit);
	}
	for (size_t k = 0; k < COUNT(symbols); k++)
		for (int i = 0; f != NULL && i < symbols[k].n; i++) {
			ec = U_ZERO_ERROR;
			n = udat_getSymbols(f, symbols[k].type, symbols[k].first + i, name, 128, &ec);
			if (U_SUCCESS(ec))
				add_name(name, n, locale, bit);
		}
	udat_close(f);
}

static const char *
locale_of(const char *code, char script)
{
	static const char *const other[][2] = {{"no", "nb"}, {"tl", "fil"}, {"ku", "ckb"}};

	if (strcmp(code, "sr") == 0 && script == 'L')
		return "sr_Latn";
	for (size_t i = 0; i < COUNT(other); i++)
		if (strcmp(other[i][0], code) == 0)
			return other[i][1];
	return code;
}

static int
by_word(const void *a, const void *b)
{
	return strcmp(((const struct nw_lang_word *)a)->word, ((const struct nw_lang_word *)b)->word);
}

static int
by_letter(const void *a, const void *b)
{
	const struct nw_lang_letter *x = a, *y = b;

	return (x->c > y->c) - (x->c < y->c);
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(langs); i++) {
		const char *p = langs[i].words;

		add_letters(langs[i].letters, (uint64_t)1 << i);
		add_cldr(locale_of(langs[i].code, langs[i].script), (uint64_t)1 << i);
		while (*p != '\0') {
			size_t n = strcspn(p, " ");

			if (n > 0)
				add_word(p, n, (uint64_t)1 << i);
			p += n + (p[n] == ' ');
		}
	}
	qsort(words, nwords, sizeof(words[0]), by_word);
	qsort(letters, nletters, sizeof(letters[0]), by_letter);
	printf("#include \"text/lang_words.h\"\n\nconst struct nw_lang_info nw_lang_langs[] = {\n");
	for (size_t i = 0; i < COUNT(langs); i++)
		printf("{\"%s\", '%c'},\n", langs[i].code, langs[i].script);
	printf("};\nconst size_t nw_lang_langs_n = %zu;\nconst struct nw_lang_word nw_lang_words[] = {\n", COUNT(langs));
	for (size_t i = 0; i < nwords; i++)
		printf("{\"%s\", 0x%llxu},\n", words[i].word, (unsigned long long)words[i].langs);
	printf("};\nconst size_t nw_lang_words_n = %zu;\nconst struct nw_lang_letter nw_lang_letters[] = {\n", nwords);
	for (size_t i = 0; i < nletters; i++)
		printf("{0x%x, 0x%llxu},\n", (unsigned)letters[i].c, (unsigned long long)letters[i].langs);
	printf("};\nconst size_t nw_lang_letters_n = %zu;\n", nletters);
	return 0;
}
