/**
 * Names by culture, in the order people of that place write them on a form. Where a script is not Latin,
 * `native|latin`: the Latin form goes into user ids and e-mail addresses.
 */
export interface NameCulture {
  readonly first: readonly string[]
  readonly last: readonly string[]
}

const words = (text: string): readonly string[] => text.trim().split(/\s*,\s*/)

export const CULTURES = {
  english: {
    first: words(
      'Alice, James, Olivia, George, Emily, Harry, Charlotte, Thomas, Grace, William, Sophie, Daniel, Mary-Jane, Aoife, Siobhán, Zoë, Ruth, Amir, Priya, Tariq',
    ),
    last: words(
      "Smith, O'Brien, Jones, Taylor, Featherstonehaugh, Walker, Hughes, O’Connor, Clarke, Wright, Cholmondeley-Warner, Baker, McAllister, Ó Súilibháin, Turner, Green, Fitzgerald, Khan, Okafor, Patel",
    ),
  },
  nordic: {
    first: words(
      'Ana, Björn, Åsa, Øyvind, Søren, Þórdís, Ingrid, Lars, Mårten, Kjærsti, Jürgen, Astrid, Håkon, Eeva, Väinö, Guðrún, Märta, Pål, Sigrún, Jens',
    ),
    last: words(
      'Ødegård, Nowak, Lindström, Sørensen, Åkerblom, Hämäläinen, Kjærgaard, Bjørnstad, Guðmundsdóttir, Håkansson, Mäkinen, Østergård, Nyström, Bråten, Þorvaldsson, Wåhlin, Fjeldsted, Grønlund, Öberg, Skjæveland',
    ),
  },
  german: {
    first: words(
      'Jürgen, Käthe, Björn, Götz, Anneliese, Hans-Peter, Ulrike, Matthias, Sören, Jörg, Heike, Lukas, Marie-Luise, Friederike, Günther, Änne, Tobias, Sabine, Rüdiger, Leonie',
    ),
    last: words(
      'Müller, Schröder, Groß, Weiß, Schäfer, Jäger, Köhler, Leutheusser-Schnarrenberger, Böhm, von der Heide, Krüger, Strauß, Bäcker, Süßmilch, Hölderlin, Wagner, zu Löwenstein, Nußbaumer, Vögele, Kühn',
    ),
  },
  french: {
    first: words(
      'Jean-Pierre, Chloé, Anaïs, François, Hélène, Noël, Maëlys, Benoît, Zoé, Loïc, Geneviève, Édouard, Cécile, Aurélie, Gaël, Inès, Thérèse, Maxime, Fatou, Rémi',
    ),
    last: words(
      "Lefèvre, D'Angelo, de La Rochefoucauld, Müller-Dubois, Bérenger, L'Écuyer, Château, Garçon, Noël, Pâquet, Girard, Bouvier, Diallo, N’Diaye, Rousseau, Côté, Gagné, Tremblay, Saint-Exupéry, Zöller",
    ),
  },
  iberian: {
    first: words(
      'José, María José, Íñigo, Begoña, Ángel, Lucía, João, Inês, Gonçalo, Núria, Sebastián, Concepción, Óscar, Yolanda, Tomás, Conceição, Martín, Belén, Raúl, Ximena',
    ),
    last: words(
      "García Márquez, Núñez, Peña, Muñoz-Ibáñez, Gonçalves, Simões, Araújo, Ibáñez, Zúñiga, Fernández de la Vega, Sánchez, Guimarães, Ordóñez, Magalhães, Güell, Pérez, Conceição, Brandão, Quiñones, d'Ávila",
    ),
  },
  italian: {
    first: words(
      'Niccolò, Giulia, Mosè, Chiara, Gian Luca, Zoè, Andrea, Beatrice, Lorenzo, Noemi, Matteo, Ilaria, Totò, Federica, Salvatore, Ginevra',
    ),
    last: words(
      "D'Angelo, Dell'Acqua, Ferrarì, Cantù, Lo Monaco, De' Medici, Rossi, Esposito, Ricciardèlli, Bianchi, Colonna, Fantozzi, Conti, D’Alessandro, Marchetti, Sgrò",
    ),
  },
  slavic: {
    first: words(
      'Łukasz, Zdeněk, Małgorzata, Jiří, Živa, Šárka, Ondřej, Agnieszka, Đorđe, Žofie, Władysław, Čeněk, Ľudmila, Bożena, Krešimir, Růžena, Michał, Kateřina, Željko, Anežka',
    ),
    last: words(
      'Nowak, Dvořák, Brzęczyszczykiewicz, Šťastný, Wójcik, Čapek, Żółkiewski, Đorđević, Novotná, Kováčová, Łęcki, Říha, Świątek, Žižka, Hašek, Gołębiewska, Jurišić, Kučera, Ćwikła, Skłodowska-Curie',
    ),
  },
  turkic: {
    first: words(
      'İbrahim, Ayşe, Gül, Çağlar, Şebnem, Ömer, Ümit, Işıl, Uğur, Zeynep, Kıvanç, Özge, Ferenc, Zsófia, Gergő, Ștefan, Ioana, Răzvan, Erzsébet, Bălașa',
    ),
    last: words(
      'Yılmaz, Öztürk, Çelik, Şahin, Güneş, Kılıç, Aydoğan, Işık, Nagy, Szűcs, Kőműves, Ionescu, Țepeș, Brătianu, Erdoğdu, Özyeğin, Bükreş, Szabó, Gyöngyösi, Mihăilescu',
    ),
  },
  greek: {
    first: words(
      'Αλέξανδρος|Alexandros, Ελένη|Eleni, Γιώργος|Giorgos, Χρυσάνθη|Chrysanthi, Ξένια|Xenia, Ιωάννης|Ioannis, Κατερίνα|Katerina, Σωκράτης|Sokratis, Δήμητρα|Dimitra, Νίκος|Nikos',
    ),
    last: words(
      'Παπαδόπουλος|Papadopoulos, Χατζηγεωργίου|Chatzigeorgiou, Οικονόμου|Oikonomou, Βασιλείου|Vasileiou, Καραγιάννης|Karagiannis, Σαμαράς|Samaras, Θεοδωράκης|Theodorakis, Ζαχαριάδου|Zachariadou, Ψαρρός|Psarros, Μαυροκορδάτος|Mavrokordatos',
    ),
  },
  cyrillic: {
    first: words(
      'Олександр|Oleksandr, Наталія|Nataliia, Юрій|Yurii, Їванна|Yivanna, Ґалаґан|Galagan, Борис|Boris, Екатерина|Ekaterina, Щедрин|Shchedrin, Љубица|Ljubica, Ђорђе|Djordje, Мария|Maria, Ёлкина|Yolkina',
    ),
    last: words(
      "Шевченко|Shevchenko, Лисенко|Lysenko, Мар'яненко|Maryanenko, Коваленко|Kovalenko, Їжакевич|Yizhakevych, Живков|Zhivkov, Щербакова|Shcherbakova, Николов|Nikolov, Петровић|Petrovic, Димитрова|Dimitrova, Њежић|Njezic, Преображенский|Preobrazhensky",
    ),
  },
  chinese: {
    first: words(
      '伟|Wei, 芳|Fang, 秀英|Xiuying, 娜|Na, 敏|Min, 静|Jing, 建国|Jianguo, 雅婷|Yating, 志明|Zhiming, 淑芬|Shufen, 宇轩|Yuxuan, 龘|Da',
    ),
    last: words(
      '王|Wang, 李|Li, 张|Zhang, 刘|Liu, 陈|Chen, 歐陽|Ouyang, 黃|Huang, 司馬|Sima, 趙|Zhao, 諸葛|Zhuge, 鄭|Zheng, 尉遲|Yuchi',
    ),
  },
  japanese: {
    first: words(
      '陽子|Yoko, 健太|Kenta, さくら|Sakura, 美咲|Misaki, 大輔|Daisuke, ゆうこ|Yuko, 翔太|Shota, 恵美|Emi, 一郎|Ichiro, リサ|Risa',
    ),
    last: words(
      '佐藤|Sato, 鈴木|Suzuki, 髙橋|Takahashi, 田中|Tanaka, 伊藤|Ito, 渡邉|Watanabe, 山本|Yamamoto, 勅使河原|Teshigawara, 小鳥遊|Takanashi, 五十嵐|Igarashi',
    ),
  },
  korean: {
    first: words(
      '민준|Minjun, 서연|Seoyeon, 지우|Jiwoo, 하은|Haeun, 도윤|Doyun, 수빈|Subin, 예준|Yejun, 지민|Jimin',
    ),
    last: words('김|Kim, 이|Lee, 박|Park, 최|Choi, 정|Jung, 남궁|Namgung, 황보|Hwangbo, 제갈|Jegal'),
  },
  semitic: {
    first: words(
      'محمد|Mohammed, فاطمة|Fatima, عبد الرحمن|Abdulrahman, ليلى|Layla, יעל|Yael, אריאל|Ariel, נועה|Noa, خالد|Khalid, شمعون|Shimon, מרים|Miriam',
    ),
    last: words(
      'الأحمد|Al-Ahmad, بن يوسف|Ben Youssef, المصري|Al-Masri, כהן|Cohen, לוי|Levi, בן-דוד|Ben-David, القاسم|Al-Qasim, אבוטבול|Abutbul, حداد|Haddad, שרון|Sharon',
    ),
  },
  indic: {
    first: words(
      'प्रिया|Priya, अर्जुन|Arjun, Lakshmi, Venkata, अनन्या|Ananya, Raghunathan, தமிழ்|Tamil, Sanjay, স্বাতী|Swati, Anjali',
    ),
    last: words(
      'शर्मा|Sharma, Iyer, Venkataraghavan, गुप्ता|Gupta, Subramanian, চট্টোপাধ্যায়|Chattopadhyay, Krishnamurthy, Mukherjee, Singh, பிள்ளை|Pillai',
    ),
  },
  vietnamese: {
    first: words('Thị Hương, Đức, Minh Châu, Ngọc Ánh, Quốc Bảo, Tuấn, Thuỳ Dương, Việt'),
    last: words('Nguyễn, Trần, Lê, Phạm, Huỳnh, Đặng, Bùi, Võ'),
  },
} as const satisfies Record<string, NameCulture>

export type CultureName = keyof typeof CULTURES

/**
 * Names that break careless programs, each within BroadWorks' 30 characters: markup, a spreadsheet formula,
 * SQL, a template, keys of Object.prototype, digits only, combining marks, a text-direction override, emoji.
 */
export const HOSTILE: readonly (readonly [first: string, last: string])[] = [
  ['<img src=x onerror=alert(1)>', 'Testperson'],
  ['Bobby', "Robert'); DROP TABLE users;--"],
  ['Mallory', '"><script>alert(1)</script>'],
  ['Anne', '=HYPERLINK("http://x","y")'],
  ['__proto__', 'constructor'],
  ['1', '1'],
  ['Wolfgang Amadeus Maximilian II', 'Wolfeschlegelsteinhausenberger'],
  // biome-ignore format: the characters matter
  ['Za\u0301z\u030Co\u0308', 'Z̸a̶l̷g̵o̴'],
  ['Trick', 'gpj.\u202Eexe\u202C'],
  ['👩‍👩‍👧‍👦', 'Family 👍🏽'],
  ['null', 'undefined'],
  ['{{7*7}} #{7*7}', '%s%n&amp;&lt;'],
  ['@SUM(1+1)*cmd|', '+cmd'],
  ['Ⅷ ﬁ ſ', '𝒯𝑒𝓈𝓉 ｆｕｌｌｗｉｄｔｈ'],
]
