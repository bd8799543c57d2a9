/* SPDX-License-Identifier: MIT */
/* Made by make_colorscales.py from plotly.colors: change that, not this. */
#include <imshow/colorscale.h>
#include <stddef.h>

static const char *const aggrnyl[] = {
    "rgb(36, 86, 104)",   "rgb(15, 114, 121)",  "rgb(13, 143, 129)", "rgb(57, 171, 126)",
    "rgb(110, 197, 116)", "rgb(169, 220, 103)", "rgb(237, 239, 93)",
};

static const char *const agsunset[] = {
    "rgb(75, 41, 145)",   "rgb(135, 44, 162)",  "rgb(192, 54, 157)",  "rgb(234, 79, 136)",
    "rgb(250, 120, 118)", "rgb(246, 169, 122)", "rgb(237, 217, 163)",
};

static const char *const algae[] = {
    "rgb(214, 249, 207)", "rgb(186, 228, 174)", "rgb(156, 209, 143)",
    "rgb(124, 191, 115)", "rgb(85, 174, 91)",   "rgb(37, 157, 81)",
    "rgb(7, 138, 78)",    "rgb(13, 117, 71)",   "rgb(23, 95, 61)",
    "rgb(25, 75, 49)",    "rgb(23, 55, 35)",    "rgb(17, 36, 20)",
};

static const char *const amp[] = {
    "rgb(241, 236, 236)", "rgb(230, 209, 203)", "rgb(221, 182, 170)",
    "rgb(213, 156, 137)", "rgb(205, 129, 103)", "rgb(196, 102, 73)",
    "rgb(186, 74, 47)",   "rgb(172, 44, 36)",   "rgb(149, 19, 39)",
    "rgb(120, 14, 40)",   "rgb(89, 13, 31)",    "rgb(60, 9, 17)",
};

static const char *const armyrose[] = {
    "rgb(121, 130, 52)",  "rgb(163, 173, 98)",  "rgb(208, 211, 162)",
    "rgb(253, 251, 228)", "rgb(240, 198, 195)", "rgb(223, 145, 163)",
    "rgb(212, 103, 128)",
};

static const char *const balance[] = {
    "rgb(23, 28, 66)",    "rgb(41, 58, 143)",   "rgb(11, 102, 189)",
    "rgb(69, 144, 185)",  "rgb(142, 181, 194)", "rgb(210, 216, 219)",
    "rgb(230, 210, 204)", "rgb(213, 157, 137)", "rgb(196, 101, 72)",
    "rgb(172, 43, 36)",   "rgb(120, 14, 40)",   "rgb(60, 9, 17)",
};

static const char *const blackbody[] = {
    "rgb(0,0,0)",       "rgb(230,0,0)",     "rgb(230,210,0)",
    "rgb(255,255,255)", "rgb(160,200,255)",
};

static const char *const bluered[] = {
    "rgb(0,0,255)",
    "rgb(255,0,0)",
};

static const char *const blues[] = {
    "rgb(247,251,255)", "rgb(222,235,247)", "rgb(198,219,239)",
    "rgb(158,202,225)", "rgb(107,174,214)", "rgb(66,146,198)",
    "rgb(33,113,181)",  "rgb(8,81,156)",    "rgb(8,48,107)",
};

static const char *const blugrn[] = {
    "rgb(196, 230, 195)", "rgb(150, 210, 164)", "rgb(109, 188, 144)", "rgb(77, 162, 132)",
    "rgb(54, 135, 122)",  "rgb(38, 107, 110)",  "rgb(29, 79, 96)",
};

static const char *const bluyl[] = {
    "rgb(247, 254, 174)", "rgb(183, 230, 165)", "rgb(124, 203, 162)", "rgb(70, 174, 160)",
    "rgb(8, 144, 153)",   "rgb(0, 113, 139)",   "rgb(4, 82, 117)",
};

static const char *const brbg[] = {
    "rgb(84,48,5)",     "rgb(140,81,10)",   "rgb(191,129,45)",  "rgb(223,194,125)",
    "rgb(246,232,195)", "rgb(245,245,245)", "rgb(199,234,229)", "rgb(128,205,193)",
    "rgb(53,151,143)",  "rgb(1,102,94)",    "rgb(0,60,48)",
};

static const char *const brwnyl[] = {
    "rgb(237, 229, 207)", "rgb(224, 194, 162)", "rgb(211, 156, 131)",
    "rgb(193, 118, 111)", "rgb(166, 84, 97)",   "rgb(129, 55, 83)",
    "rgb(84, 31, 63)",
};

static const char *const bugn[] = {
    "rgb(247,252,253)", "rgb(229,245,249)", "rgb(204,236,230)",
    "rgb(153,216,201)", "rgb(102,194,164)", "rgb(65,174,118)",
    "rgb(35,139,69)",   "rgb(0,109,44)",    "rgb(0,68,27)",
};

static const char *const bupu[] = {
    "rgb(247,252,253)", "rgb(224,236,244)", "rgb(191,211,230)",
    "rgb(158,188,218)", "rgb(140,150,198)", "rgb(140,107,177)",
    "rgb(136,65,157)",  "rgb(129,15,124)",  "rgb(77,0,75)",
};

static const char *const burg[] = {
    "rgb(255, 198, 196)", "rgb(244, 163, 168)", "rgb(227, 129, 145)", "rgb(204, 96, 125)",
    "rgb(173, 70, 108)",  "rgb(139, 48, 88)",   "rgb(103, 32, 68)",
};

static const char *const burgyl[] = {
    "rgb(251, 230, 197)", "rgb(245, 186, 152)", "rgb(238, 138, 130)",
    "rgb(220, 113, 118)", "rgb(200, 88, 108)",  "rgb(156, 63, 93)",
    "rgb(112, 40, 74)",
};

static const char *const cividis[] = {
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173",
    "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
};

static const char *const curl[] = {
    "rgb(20, 29, 67)",    "rgb(28, 72, 93)",    "rgb(18, 115, 117)",
    "rgb(63, 156, 129)",  "rgb(153, 189, 156)", "rgb(223, 225, 211)",
    "rgb(241, 218, 206)", "rgb(224, 160, 137)", "rgb(203, 101, 99)",
    "rgb(164, 54, 96)",   "rgb(111, 23, 91)",   "rgb(51, 13, 53)",
};

static const char *const darkmint[] = {
    "rgb(210, 251, 212)", "rgb(165, 219, 194)", "rgb(123, 188, 176)", "rgb(85, 156, 158)",
    "rgb(58, 124, 137)",  "rgb(35, 93, 114)",   "rgb(18, 63, 90)",
};

static const char *const deep[] = {
    "rgb(253, 253, 204)", "rgb(206, 236, 179)", "rgb(156, 219, 165)",
    "rgb(111, 201, 163)", "rgb(86, 177, 163)",  "rgb(76, 153, 160)",
    "rgb(68, 130, 155)",  "rgb(62, 108, 150)",  "rgb(62, 82, 143)",
    "rgb(64, 60, 115)",   "rgb(54, 43, 77)",    "rgb(39, 26, 44)",
};

static const char *const delta[] = {
    "rgb(16, 31, 63)",    "rgb(38, 62, 144)",   "rgb(30, 110, 161)",  "rgb(60, 154, 171)",
    "rgb(140, 193, 186)", "rgb(217, 229, 218)", "rgb(239, 226, 156)", "rgb(195, 182, 59)",
    "rgb(115, 152, 5)",   "rgb(34, 120, 36)",   "rgb(18, 78, 43)",    "rgb(23, 35, 18)",
};

static const char *const dense[] = {
    "rgb(230, 240, 240)", "rgb(191, 221, 229)", "rgb(156, 201, 226)",
    "rgb(129, 180, 227)", "rgb(115, 154, 228)", "rgb(117, 127, 221)",
    "rgb(120, 100, 202)", "rgb(119, 74, 175)",  "rgb(113, 50, 141)",
    "rgb(100, 31, 104)",  "rgb(80, 20, 66)",    "rgb(54, 14, 36)",
};

static const char *const earth[] = {
    "rgb(161, 105, 40)",  "rgb(189, 146, 90)",  "rgb(214, 189, 141)",
    "rgb(237, 234, 194)", "rgb(181, 200, 184)", "rgb(121, 167, 172)",
    "rgb(40, 135, 161)",
};

static const char *const edge[] = {
    "#313131", "#3d019d", "#3810dc", "#2d47f9", "#2593ff", "#2adef6",
    "#60fdfa", "#aefdff", "#f3f3f1", "#fffda9", "#fafd5b", "#f7da29",
    "#ff8e25", "#f8432d", "#d90d39", "#97023d", "#313131",
};

static const char *const electric[] = {
    "rgb(0,0,0)",    "rgb(30,0,100)",  "rgb(120,0,100)",
    "rgb(160,90,0)", "rgb(230,200,0)", "rgb(255,250,220)",
};

static const char *const emrld[] = {
    "rgb(211, 242, 163)", "rgb(151, 225, 150)", "rgb(108, 192, 139)", "rgb(76, 155, 130)",
    "rgb(33, 122, 121)",  "rgb(16, 89, 101)",   "rgb(7, 64, 80)",
};

static const char *const fall[] = {
    "rgb(61, 89, 65)",    "rgb(119, 136, 104)", "rgb(181, 185, 145)",
    "rgb(246, 237, 189)", "rgb(237, 187, 138)", "rgb(222, 138, 90)",
    "rgb(202, 86, 44)",
};

static const char *const geyser[] = {
    "rgb(0, 128, 128)",   "rgb(112, 164, 148)", "rgb(180, 200, 168)",
    "rgb(246, 237, 189)", "rgb(237, 187, 138)", "rgb(222, 138, 90)",
    "rgb(202, 86, 44)",
};

static const char *const gnbu[] = {
    "rgb(247,252,240)", "rgb(224,243,219)", "rgb(204,235,197)",
    "rgb(168,221,181)", "rgb(123,204,196)", "rgb(78,179,211)",
    "rgb(43,140,190)",  "rgb(8,104,172)",   "rgb(8,64,129)",
};

static const char *const gray[] = {
    "rgb(0, 0, 0)",       "rgb(16, 16, 16)",    "rgb(38, 38, 38)",
    "rgb(59, 59, 59)",    "rgb(81, 80, 80)",    "rgb(102, 101, 101)",
    "rgb(124, 123, 122)", "rgb(146, 146, 145)", "rgb(171, 171, 170)",
    "rgb(197, 197, 195)", "rgb(224, 224, 223)", "rgb(254, 254, 253)",
};

static const char *const greens[] = {
    "rgb(247,252,245)", "rgb(229,245,224)", "rgb(199,233,192)",
    "rgb(161,217,155)", "rgb(116,196,118)", "rgb(65,171,93)",
    "rgb(35,139,69)",   "rgb(0,109,44)",    "rgb(0,68,27)",
};

static const char *const greys[] = {
    "rgb(255,255,255)", "rgb(240,240,240)", "rgb(217,217,217)",
    "rgb(189,189,189)", "rgb(150,150,150)", "rgb(115,115,115)",
    "rgb(82,82,82)",    "rgb(37,37,37)",    "rgb(0,0,0)",
};

static const char *const haline[] = {
    "rgb(41, 24, 107)",   "rgb(42, 35, 160)",  "rgb(15, 71, 153)",   "rgb(18, 95, 142)",
    "rgb(38, 116, 137)",  "rgb(53, 136, 136)", "rgb(65, 157, 133)",  "rgb(81, 178, 124)",
    "rgb(111, 198, 107)", "rgb(160, 214, 91)", "rgb(212, 225, 112)", "rgb(253, 238, 153)",
};

static const char *const hot[] = {
    "rgb(0,0,0)",
    "rgb(230,0,0)",
    "rgb(255,210,0)",
    "rgb(255,255,255)",
};

static const char *const hsv[] = {
    "#ff0000", "#ffa700", "#afff00", "#08ff00", "#00ff9f",
    "#00b7ff", "#0010ff", "#9700ff", "#ff00bf", "#ff0000",
};

static const char *const ice[] = {
    "rgb(3, 5, 18)",      "rgb(25, 25, 51)",    "rgb(44, 42, 87)",
    "rgb(58, 60, 125)",   "rgb(62, 83, 160)",   "rgb(62, 109, 178)",
    "rgb(72, 134, 187)",  "rgb(89, 159, 196)",  "rgb(114, 184, 205)",
    "rgb(149, 207, 216)", "rgb(192, 229, 232)", "rgb(234, 252, 253)",
};

static const char *const icefire[] = {
    "#000000", "#001f4d", "#003786", "#0e58a8", "#217eb8", "#30a4ca",
    "#54c8df", "#9be4ef", "#e1e9d1", "#f3d573", "#e7b000", "#da8200",
    "#c65400", "#ac2301", "#820000", "#4c0000", "#000000",
};

static const char *const inferno[] = {
    "#000004", "#1b0c41", "#4a0c6b", "#781c6d", "#a52c60",
    "#cf4446", "#ed6925", "#fb9b06", "#f7d13d", "#fcffa4",
};

static const char *const jet[] = {
    "rgb(0,0,131)",   "rgb(0,60,170)", "rgb(5,255,255)",
    "rgb(255,255,0)", "rgb(250,0,0)",  "rgb(128,0,0)",
};

static const char *const magenta[] = {
    "rgb(243, 203, 211)", "rgb(234, 169, 189)", "rgb(221, 136, 172)",
    "rgb(202, 105, 157)", "rgb(177, 77, 142)",  "rgb(145, 53, 125)",
    "rgb(108, 33, 103)",
};

static const char *const magma[] = {
    "#000004", "#180f3d", "#440f76", "#721f81", "#9e2f7f",
    "#cd4071", "#f1605d", "#fd9668", "#feca8d", "#fcfdbf",
};

static const char *const matter[] = {
    "rgb(253, 237, 176)", "rgb(250, 205, 145)", "rgb(246, 173, 119)", "rgb(240, 142, 98)",
    "rgb(231, 109, 84)",  "rgb(216, 80, 83)",   "rgb(195, 56, 90)",   "rgb(168, 40, 96)",
    "rgb(138, 29, 99)",   "rgb(107, 24, 93)",   "rgb(76, 21, 80)",    "rgb(47, 15, 61)",
};

static const char *const mint[] = {
    "rgb(228, 241, 225)", "rgb(180, 217, 204)", "rgb(137, 192, 182)", "rgb(99, 166, 160)",
    "rgb(68, 140, 138)",  "rgb(40, 114, 116)",  "rgb(13, 88, 95)",
};

static const char *const mrybm[] = {
    "#f884f7", "#f968c4", "#ea4388", "#cf244b", "#b51a15", "#bd4304",
    "#cc6904", "#d58f04", "#cfaa27", "#a19f62", "#588a93", "#2269c4",
    "#3e3ef0", "#6b4ef9", "#956bfa", "#cd7dfe", "#f884f7",
};

static const char *const mygbm[] = {
    "#ef55f1", "#fb84ce", "#fbafa1", "#fcd471", "#f0ed35", "#c6e516",
    "#96d310", "#61c10b", "#31ac28", "#439064", "#3d719a", "#284ec8",
    "#2e21ea", "#6324f5", "#9139fa", "#c543fa", "#ef55f1",
};

static const char *const oranges[] = {
    "rgb(255,245,235)", "rgb(254,230,206)", "rgb(253,208,162)",
    "rgb(253,174,107)", "rgb(253,141,60)",  "rgb(241,105,19)",
    "rgb(217,72,1)",    "rgb(166,54,3)",    "rgb(127,39,4)",
};

static const char *const orrd[] = {
    "rgb(255,247,236)", "rgb(254,232,200)", "rgb(253,212,158)",
    "rgb(253,187,132)", "rgb(252,141,89)",  "rgb(239,101,72)",
    "rgb(215,48,31)",   "rgb(179,0,0)",     "rgb(127,0,0)",
};

static const char *const oryel[] = {
    "rgb(236, 218, 154)", "rgb(239, 196, 126)", "rgb(243, 173, 106)", "rgb(247, 148, 93)",
    "rgb(249, 123, 87)",  "rgb(246, 99, 86)",   "rgb(238, 77, 90)",
};

static const char *const oxy[] = {
    "rgb(63, 5, 5)",      "rgb(101, 6, 13)",    "rgb(138, 17, 9)",
    "rgb(96, 95, 95)",    "rgb(119, 118, 118)", "rgb(142, 141, 141)",
    "rgb(166, 166, 165)", "rgb(193, 192, 191)", "rgb(222, 222, 220)",
    "rgb(239, 248, 90)",  "rgb(230, 210, 41)",  "rgb(220, 174, 25)",
};

static const char *const peach[] = {
    "rgb(253, 224, 197)", "rgb(250, 203, 166)", "rgb(248, 181, 139)",
    "rgb(245, 158, 114)", "rgb(242, 133, 93)",  "rgb(239, 106, 76)",
    "rgb(235, 74, 64)",
};

static const char *const phase[] = {
    "rgb(167, 119, 12)", "rgb(197, 96, 51)",  "rgb(217, 67, 96)",  "rgb(221, 38, 163)",
    "rgb(196, 59, 224)", "rgb(153, 97, 244)", "rgb(95, 127, 228)", "rgb(40, 144, 183)",
    "rgb(15, 151, 136)", "rgb(39, 153, 79)",  "rgb(119, 141, 17)", "rgb(167, 119, 12)",
};

static const char *const picnic[] = {
    "rgb(0,0,255)",     "rgb(51,153,255)",  "rgb(102,204,255)", "rgb(153,204,255)",
    "rgb(204,204,255)", "rgb(255,255,255)", "rgb(255,204,255)", "rgb(255,153,255)",
    "rgb(255,102,204)", "rgb(255,102,102)", "rgb(255,0,0)",
};

static const char *const pinkyl[] = {
    "rgb(254, 246, 181)", "rgb(255, 221, 154)", "rgb(255, 194, 133)",
    "rgb(255, 166, 121)", "rgb(250, 138, 118)", "rgb(241, 109, 122)",
    "rgb(225, 83, 131)",
};

static const char *const piyg[] = {
    "rgb(142,1,82)",    "rgb(197,27,125)",  "rgb(222,119,174)", "rgb(241,182,218)",
    "rgb(253,224,239)", "rgb(247,247,247)", "rgb(230,245,208)", "rgb(184,225,134)",
    "rgb(127,188,65)",  "rgb(77,146,33)",   "rgb(39,100,25)",
};

static const char *const plasma[] = {
    "#0d0887", "#46039f", "#7201a8", "#9c179e", "#bd3786",
    "#d8576b", "#ed7953", "#fb9f3a", "#fdca26", "#f0f921",
};

static const char *const plotly3[] = {
    "#0508b8", "#1910d8", "#3c19f0", "#6b1cfb", "#981cfd", "#bf1cfd", "#dd2bfd",
    "#f246fe", "#fc67fd", "#fe88fc", "#fea5fd", "#febefe", "#fec3fe",
};

static const char *const portland[] = {
    "rgb(12,51,131)",  "rgb(10,136,186)", "rgb(242,211,56)",
    "rgb(242,143,56)", "rgb(217,30,30)",
};

static const char *const prgn[] = {
    "rgb(64,0,75)",     "rgb(118,42,131)",  "rgb(153,112,171)", "rgb(194,165,207)",
    "rgb(231,212,232)", "rgb(247,247,247)", "rgb(217,240,211)", "rgb(166,219,160)",
    "rgb(90,174,97)",   "rgb(27,120,55)",   "rgb(0,68,27)",
};

static const char *const pubu[] = {
    "rgb(255,247,251)", "rgb(236,231,242)", "rgb(208,209,230)",
    "rgb(166,189,219)", "rgb(116,169,207)", "rgb(54,144,192)",
    "rgb(5,112,176)",   "rgb(4,90,141)",    "rgb(2,56,88)",
};

static const char *const pubugn[] = {
    "rgb(255,247,251)", "rgb(236,226,240)", "rgb(208,209,230)",
    "rgb(166,189,219)", "rgb(103,169,207)", "rgb(54,144,192)",
    "rgb(2,129,138)",   "rgb(1,108,89)",    "rgb(1,70,54)",
};

static const char *const puor[] = {
    "rgb(127,59,8)",    "rgb(179,88,6)",    "rgb(224,130,20)",  "rgb(253,184,99)",
    "rgb(254,224,182)", "rgb(247,247,247)", "rgb(216,218,235)", "rgb(178,171,210)",
    "rgb(128,115,172)", "rgb(84,39,136)",   "rgb(45,0,75)",
};

static const char *const purd[] = {
    "rgb(247,244,249)", "rgb(231,225,239)", "rgb(212,185,218)",
    "rgb(201,148,199)", "rgb(223,101,176)", "rgb(231,41,138)",
    "rgb(206,18,86)",   "rgb(152,0,67)",    "rgb(103,0,31)",
};

static const char *const purp[] = {
    "rgb(243, 224, 247)", "rgb(228, 199, 241)", "rgb(209, 175, 232)",
    "rgb(185, 152, 221)", "rgb(159, 130, 206)", "rgb(130, 109, 186)",
    "rgb(99, 88, 159)",
};

static const char *const purples[] = {
    "rgb(252,251,253)", "rgb(239,237,245)", "rgb(218,218,235)",
    "rgb(188,189,220)", "rgb(158,154,200)", "rgb(128,125,186)",
    "rgb(106,81,163)",  "rgb(84,39,143)",   "rgb(63,0,125)",
};

static const char *const purpor[] = {
    "rgb(249, 221, 218)", "rgb(242, 185, 196)", "rgb(229, 151, 185)",
    "rgb(206, 120, 179)", "rgb(173, 95, 173)",  "rgb(131, 75, 160)",
    "rgb(87, 59, 136)",
};

static const char *const rainbow[] = {
    "rgb(150,0,90)",  "rgb(0,0,200)",    "rgb(0,25,255)",
    "rgb(0,152,255)", "rgb(44,255,150)", "rgb(151,255,0)",
    "rgb(255,234,0)", "rgb(255,111,0)",  "rgb(255,0,0)",
};

static const char *const rdbu[] = {
    "rgb(103,0,31)",    "rgb(178,24,43)",   "rgb(214,96,77)",   "rgb(244,165,130)",
    "rgb(253,219,199)", "rgb(247,247,247)", "rgb(209,229,240)", "rgb(146,197,222)",
    "rgb(67,147,195)",  "rgb(33,102,172)",  "rgb(5,48,97)",
};

static const char *const rdgy[] = {
    "rgb(103,0,31)",    "rgb(178,24,43)",   "rgb(214,96,77)",   "rgb(244,165,130)",
    "rgb(253,219,199)", "rgb(255,255,255)", "rgb(224,224,224)", "rgb(186,186,186)",
    "rgb(135,135,135)", "rgb(77,77,77)",    "rgb(26,26,26)",
};

static const char *const rdpu[] = {
    "rgb(255,247,243)", "rgb(253,224,221)", "rgb(252,197,192)",
    "rgb(250,159,181)", "rgb(247,104,161)", "rgb(221,52,151)",
    "rgb(174,1,126)",   "rgb(122,1,119)",   "rgb(73,0,106)",
};

static const char *const rdylbu[] = {
    "rgb(165,0,38)",    "rgb(215,48,39)",   "rgb(244,109,67)",  "rgb(253,174,97)",
    "rgb(254,224,144)", "rgb(255,255,191)", "rgb(224,243,248)", "rgb(171,217,233)",
    "rgb(116,173,209)", "rgb(69,117,180)",  "rgb(49,54,149)",
};

static const char *const rdylgn[] = {
    "rgb(165,0,38)",    "rgb(215,48,39)",   "rgb(244,109,67)",  "rgb(253,174,97)",
    "rgb(254,224,139)", "rgb(255,255,191)", "rgb(217,239,139)", "rgb(166,217,106)",
    "rgb(102,189,99)",  "rgb(26,152,80)",   "rgb(0,104,55)",
};

static const char *const redor[] = {
    "rgb(246, 210, 169)", "rgb(245, 183, 142)", "rgb(241, 156, 124)",
    "rgb(234, 129, 113)", "rgb(221, 104, 108)", "rgb(202, 82, 104)",
    "rgb(177, 63, 100)",
};

static const char *const reds[] = {
    "rgb(255,245,240)", "rgb(254,224,210)", "rgb(252,187,161)",
    "rgb(252,146,114)", "rgb(251,106,74)",  "rgb(239,59,44)",
    "rgb(203,24,29)",   "rgb(165,15,21)",   "rgb(103,0,13)",
};

static const char *const solar[] = {
    "rgb(51, 19, 23)",   "rgb(79, 28, 33)",   "rgb(108, 36, 36)",  "rgb(135, 47, 32)",
    "rgb(157, 66, 25)",  "rgb(174, 88, 20)",  "rgb(188, 111, 19)", "rgb(199, 137, 22)",
    "rgb(209, 164, 32)", "rgb(217, 192, 44)", "rgb(222, 222, 59)", "rgb(224, 253, 74)",
};

static const char *const spectral[] = {
    "rgb(158,1,66)",    "rgb(213,62,79)",   "rgb(244,109,67)",  "rgb(253,174,97)",
    "rgb(254,224,139)", "rgb(255,255,191)", "rgb(230,245,152)", "rgb(171,221,164)",
    "rgb(102,194,165)", "rgb(50,136,189)",  "rgb(94,79,162)",
};

static const char *const speed[] = {
    "rgb(254, 252, 205)", "rgb(239, 225, 156)", "rgb(221, 201, 106)", "rgb(194, 182, 59)",
    "rgb(157, 167, 21)",  "rgb(116, 153, 5)",   "rgb(75, 138, 20)",   "rgb(35, 121, 36)",
    "rgb(11, 100, 44)",   "rgb(18, 78, 43)",    "rgb(25, 56, 34)",    "rgb(23, 35, 18)",
};

static const char *const sunset[] = {
    "rgb(243, 231, 155)", "rgb(250, 196, 132)", "rgb(248, 160, 126)",
    "rgb(235, 127, 134)", "rgb(206, 102, 147)", "rgb(160, 89, 160)",
    "rgb(92, 83, 165)",
};

static const char *const sunsetdark[] = {
    "rgb(252, 222, 156)", "rgb(250, 164, 118)", "rgb(240, 116, 110)", "rgb(227, 79, 111)",
    "rgb(220, 57, 119)",  "rgb(185, 37, 122)",  "rgb(124, 29, 111)",
};

static const char *const teal[] = {
    "rgb(209, 238, 234)", "rgb(168, 219, 217)", "rgb(133, 196, 201)",
    "rgb(104, 171, 184)", "rgb(79, 144, 166)",  "rgb(59, 115, 143)",
    "rgb(42, 86, 116)",
};

static const char *const tealgrn[] = {
    "rgb(176, 242, 188)", "rgb(137, 232, 172)", "rgb(103, 219, 165)", "rgb(76, 200, 163)",
    "rgb(56, 178, 163)",  "rgb(44, 152, 160)",  "rgb(37, 125, 152)",
};

static const char *const tealrose[] = {
    "rgb(0, 147, 146)",   "rgb(114, 170, 161)", "rgb(177, 199, 179)",
    "rgb(241, 234, 200)", "rgb(229, 185, 173)", "rgb(217, 137, 148)",
    "rgb(208, 88, 126)",
};

static const char *const tempo[] = {
    "rgb(254, 245, 244)", "rgb(222, 224, 210)", "rgb(189, 206, 181)",
    "rgb(153, 189, 156)", "rgb(110, 173, 138)", "rgb(65, 157, 129)",
    "rgb(25, 137, 125)",  "rgb(18, 116, 117)",  "rgb(25, 94, 106)",
    "rgb(28, 72, 93)",    "rgb(25, 51, 80)",    "rgb(20, 29, 67)",
};

static const char *const temps[] = {
    "rgb(0, 147, 146)",   "rgb(57, 177, 133)",  "rgb(156, 203, 134)",
    "rgb(233, 226, 156)", "rgb(238, 180, 121)", "rgb(232, 132, 113)",
    "rgb(207, 89, 126)",
};

static const char *const thermal[] = {
    "rgb(3, 35, 51)",    "rgb(13, 48, 100)",  "rgb(53, 50, 155)",   "rgb(93, 62, 153)",
    "rgb(126, 77, 143)", "rgb(158, 89, 135)", "rgb(193, 100, 121)", "rgb(225, 113, 97)",
    "rgb(246, 139, 69)", "rgb(251, 173, 60)", "rgb(246, 211, 70)",  "rgb(231, 250, 90)",
};

static const char *const tropic[] = {
    "rgb(0, 155, 158)",   "rgb(66, 183, 185)",  "rgb(167, 211, 212)",
    "rgb(241, 241, 241)", "rgb(228, 193, 217)", "rgb(214, 145, 193)",
    "rgb(199, 93, 171)",
};

static const char *const turbid[] = {
    "rgb(232, 245, 171)", "rgb(220, 219, 137)", "rgb(209, 193, 107)", "rgb(199, 168, 83)",
    "rgb(186, 143, 66)",  "rgb(170, 121, 60)",  "rgb(151, 103, 58)",  "rgb(129, 87, 56)",
    "rgb(104, 72, 53)",   "rgb(80, 59, 46)",    "rgb(57, 45, 37)",    "rgb(34, 30, 27)",
};

static const char *const turbo[] = {
    "#30123b", "#4145ab", "#4675ed", "#39a2fc", "#1bcfd4",
    "#24eca6", "#61fc6c", "#a4fc3b", "#d1e834", "#f3c63a",
    "#fe9b2d", "#f36315", "#d93806", "#b11901", "#7a0402",
};

static const char *const twilight[] = {
    "#e2d9e2", "#9ebbc9", "#6785be", "#5e43a5", "#421257",
    "#471340", "#8e2c50", "#ba6657", "#ceac94", "#e2d9e2",
};

static const char *const viridis[] = {
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e",
    "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
};

static const char *const ylgn[] = {
    "rgb(255,255,229)", "rgb(247,252,185)", "rgb(217,240,163)",
    "rgb(173,221,142)", "rgb(120,198,121)", "rgb(65,171,93)",
    "rgb(35,132,67)",   "rgb(0,104,55)",    "rgb(0,69,41)",
};

static const char *const ylgnbu[] = {
    "rgb(255,255,217)", "rgb(237,248,177)", "rgb(199,233,180)",
    "rgb(127,205,187)", "rgb(65,182,196)",  "rgb(29,145,192)",
    "rgb(34,94,168)",   "rgb(37,52,148)",   "rgb(8,29,88)",
};

static const char *const ylorbr[] = {
    "rgb(255,255,229)", "rgb(255,247,188)", "rgb(254,227,145)",
    "rgb(254,196,79)",  "rgb(254,153,41)",  "rgb(236,112,20)",
    "rgb(204,76,2)",    "rgb(153,52,4)",    "rgb(102,37,6)",
};

static const char *const ylorrd[] = {
    "rgb(255,255,204)", "rgb(255,237,160)", "rgb(254,217,118)",
    "rgb(254,178,76)",  "rgb(253,141,60)",  "rgb(252,78,42)",
    "rgb(227,26,28)",   "rgb(189,0,38)",    "rgb(128,0,38)",
};

const struct ims_colorscale ims_colorscales[] = {
    {"Aggrnyl", 7, aggrnyl},
    {"Agsunset", 7, agsunset},
    {"algae", 12, algae},
    {"amp", 12, amp},
    {"Armyrose", 7, armyrose},
    {"balance", 12, balance},
    {"Blackbody", 5, blackbody},
    {"Bluered", 2, bluered},
    {"Blues", 9, blues},
    {"Blugrn", 7, blugrn},
    {"Bluyl", 7, bluyl},
    {"BrBG", 11, brbg},
    {"Brwnyl", 7, brwnyl},
    {"BuGn", 9, bugn},
    {"BuPu", 9, bupu},
    {"Burg", 7, burg},
    {"Burgyl", 7, burgyl},
    {"Cividis", 10, cividis},
    {"curl", 12, curl},
    {"Darkmint", 7, darkmint},
    {"deep", 12, deep},
    {"delta", 12, delta},
    {"dense", 12, dense},
    {"Earth", 7, earth},
    {"Edge", 17, edge},
    {"Electric", 6, electric},
    {"Emrld", 7, emrld},
    {"Fall", 7, fall},
    {"Geyser", 7, geyser},
    {"GnBu", 9, gnbu},
    {"gray", 12, gray},
    {"Greens", 9, greens},
    {"Greys", 9, greys},
    {"haline", 12, haline},
    {"Hot", 4, hot},
    {"HSV", 10, hsv},
    {"ice", 12, ice},
    {"IceFire", 17, icefire},
    {"Inferno", 10, inferno},
    {"Jet", 6, jet},
    {"Magenta", 7, magenta},
    {"Magma", 10, magma},
    {"matter", 12, matter},
    {"Mint", 7, mint},
    {"mrybm", 17, mrybm},
    {"mygbm", 17, mygbm},
    {"Oranges", 9, oranges},
    {"OrRd", 9, orrd},
    {"Oryel", 7, oryel},
    {"oxy", 12, oxy},
    {"Peach", 7, peach},
    {"Phase", 12, phase},
    {"Picnic", 11, picnic},
    {"Pinkyl", 7, pinkyl},
    {"PiYG", 11, piyg},
    {"Plasma", 10, plasma},
    {"Plotly3", 13, plotly3},
    {"Portland", 5, portland},
    {"PRGn", 11, prgn},
    {"PuBu", 9, pubu},
    {"PuBuGn", 9, pubugn},
    {"PuOr", 11, puor},
    {"PuRd", 9, purd},
    {"Purp", 7, purp},
    {"Purples", 9, purples},
    {"Purpor", 7, purpor},
    {"Rainbow", 9, rainbow},
    {"RdBu", 11, rdbu},
    {"RdGy", 11, rdgy},
    {"RdPu", 9, rdpu},
    {"RdYlBu", 11, rdylbu},
    {"RdYlGn", 11, rdylgn},
    {"Redor", 7, redor},
    {"Reds", 9, reds},
    {"solar", 12, solar},
    {"Spectral", 11, spectral},
    {"speed", 12, speed},
    {"Sunset", 7, sunset},
    {"Sunsetdark", 7, sunsetdark},
    {"Teal", 7, teal},
    {"Tealgrn", 7, tealgrn},
    {"Tealrose", 7, tealrose},
    {"tempo", 12, tempo},
    {"Temps", 7, temps},
    {"thermal", 12, thermal},
    {"Tropic", 7, tropic},
    {"turbid", 12, turbid},
    {"Turbo", 15, turbo},
    {"Twilight", 10, twilight},
    {"Viridis", 10, viridis},
    {"YlGn", 9, ylgn},
    {"YlGnBu", 9, ylgnbu},
    {"YlOrBr", 9, ylorbr},
    {"YlOrRd", 9, ylorrd},
    {NULL, 0, NULL},
};
